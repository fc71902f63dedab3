using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>
/// A seal made by a person after completion: it proves that nothing was changed since its day, and nothing about the
/// days before.
/// </summary>
/// <param name="On">The business date of the seal.</param>
/// <param name="By">Who made it.</param>
/// <param name="Reason">Why the run had none.</param>
public sealed record LaterSeal(DateOnly On, string By, string Reason);

/// <summary>The invoices of one plan version and class.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">Its version.</param>
/// <param name="Class">The class.</param>
/// <param name="Invoices">How many.</param>
/// <param name="Amount">Sum with tax.</param>
/// <param name="Net">Sum without tax.</param>
/// <param name="Tax">The tax.</param>
public sealed record ManifestTotal(
    string Plan, int Version, string Class, int Invoices, Money Amount, Money Net, Money Tax);

/// <summary>Accounts that were not billed for one reason.</summary>
/// <param name="Code">The reason.</param>
/// <param name="State">The state of their review; released ones are billed.</param>
/// <param name="Accounts">How many.</param>
public sealed record ManifestException(string Code, RunExceptionState State, int Accounts);

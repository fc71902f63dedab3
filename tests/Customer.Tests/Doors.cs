using Billing.Platform;
using Billing.Contracts;

namespace Billing.Customers.Tests.Doors;

/// <summary>What a service that there is not would tell, see <see cref="AccountFactsTests"/>.</summary>
/// <param name="Items">The facts.</param>
public sealed record DoorsKnocked(IReadOnlyList<DoorKnocked> Items);

/// <summary>A fact among many.</summary>
public sealed record DoorKnocked(
    AccountNo Account,
    DateOnly KnockedOn,
    [property: TimelineAmount(Negated = true)] Money Tip,
    [property: NotOnTimeline] string Weather,
    Money Amount,
    Origin Origin);

/// <summary>A fact that is a message by itself.</summary>
[StoredAs("bell-mended.v1")]
public sealed record BellMended(AccountNo Account, Origin Origin, Money? Amount, string? By = null);

/// <summary>No fact about one account.</summary>
public sealed record StreetPaved(string Street, Money Amount, Origin Origin);

namespace Billing.Contracts.Api;

/// <summary>How an invoice was calculated.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Account">The account that owes it.</param>
/// <param name="Plan">The plan version that made the lines; the last one when several did.</param>
/// <param name="Plans">Every plan version that made a line, in order.</param>
/// <param name="Lines">Each line with its calculation.</param>
/// <param name="Amount">The sum of the lines, fen.</param>
/// <param name="Net">Without tax, fen: round(amount ÷ (1 + rate)).</param>
/// <param name="Tax">Amount − net, fen.</param>
/// <param name="Readings">The readings behind the quantities.</param>
/// <param name="Credits">The credit notes on it, each with its net and its tax.</param>
/// <param name="Left">The amount less the credits, fen.</param>
/// <param name="LeftNet">The net less that of the credits, fen.</param>
/// <param name="LeftTax">The tax less that of the credits, fen.</param>
public sealed record InvoiceExplanation(
    InvoiceNo Invoice, AccountNo Account, ExplainedPlan Plan, IReadOnlyList<ExplainedPlan> Plans,
    IReadOnlyList<ExplainedLine> Lines, Money Amount, Money Net, Money Tax, IReadOnlyList<ExplainedReading> Readings,
    IReadOnlyList<CreditNote> Credits, Money Left, Money LeftNet, Money LeftTax);

/// <summary>The plan version behind an invoice.</summary>
/// <param name="Code">The plan.</param>
/// <param name="Version">Its version.</param>
/// <param name="Name">Its name.</param>
/// <param name="LegalDocument">The document that sets the prices.</param>
/// <param name="Source">The publication from which the figures were taken.</param>
public sealed record ExplainedPlan(PlanCode Code, int Version, Label Name, string LegalDocument, string Source);

/// <summary>One line in words and figures.</summary>
/// <param name="Id">The line.</param>
/// <param name="Label">Its name.</param>
/// <param name="Reason">Why the bill has this line.</param>
/// <param name="Formula">Its calculation, such as <c>240 kWh × 0.4883 = 117.19</c>.</param>
/// <param name="Amount">Its amount, fen.</param>
/// <param name="Version">The plan version that made it.</param>
public sealed record ExplainedLine(string Id, Label Label, Label Reason, string Formula, Money Amount, int Version);

/// <summary>A stored reading.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day.</param>
/// <param name="Kind">The kind of reading.</param>
/// <param name="Total">The total register, kWh before the multiplier.</param>
/// <param name="Kwh">The consumption it closed, whole kWh, or null for an initial one.</param>
/// <param name="Flags">What a person should check.</param>
/// <param name="Event">The id of the reading's event.</param>
public sealed record ExplainedReading(
    MeterNo Meter, DateOnly ReadOn, ReadingKind Kind, decimal Total, long? Kwh, string Flags, Guid Event);

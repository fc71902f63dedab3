using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The bill of a supply for a period. The lines add up to the total; net and tax add up to the total.
/// </summary>
/// <param name="lines">The lines, in the order of the plan's components.</param>
/// <param name="total">The total, tax included.</param>
/// <param name="net">The total without tax.</param>
/// <param name="tax">The tax in the total.</param>
/// <param name="vat">The VAT class that split the total.</param>
/// <param name="prepaid">What was billed in advance for the same period.</param>
[method: JsonConstructor]
public sealed class Bill(BillLine[] lines, Money total, Money net, Money tax, VatClass vat, Money prepaid)
{
    /// <summary>The lines, in the order of the plan's components.</summary>
    public BillLine[] Lines { get; } = lines;

    /// <summary>The total, tax included: exactly the sum of the lines.</summary>
    public Money Total { get; } = total;

    /// <summary>The total without tax: round(total ÷ (1 + rate)), rules.md R-6.</summary>
    public Money Net { get; } = net;

    /// <summary>The tax: total − net.</summary>
    public Money Tax { get; } = tax;

    /// <summary>The VAT class that split the total.</summary>
    public VatClass Vat { get; } = vat;

    /// <summary>What was billed in advance for the same period.</summary>
    public Money Prepaid { get; } = prepaid;

    /// <summary>
    /// The parts of the total that other payers owe: receivable from them, not from the customer (rules.md H-19).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PayerShare[]? Shares { get; init; }

    /// <summary>
    /// What remains to be paid by the customer; negative is a refund or an advance for the next season (rules.md H-11).
    /// </summary>
    [JsonIgnore]
    public Money Due =>
        Total - Prepaid - (Shares is null ? Money.Zero : Money.Sum(Shares.Select(share => share.Amount)));
}

/// <summary>A part of a bill that another payer owes.</summary>
/// <param name="Payer">The payer, such as <c>government</c>.</param>
/// <param name="Component">The component of the plan that defines the share.</param>
/// <param name="Label">Its name.</param>
/// <param name="Amount">The amount, more than zero.</param>
public sealed record PayerShare(string Payer, string Component, Label Label, Money Amount);

/// <summary>
/// Why a plan cannot rate a supply: the facts do not fit the plan. Missing facts are never estimated.
/// </summary>
/// <param name="Code">A stable code, such as <c>rating-no-vat-class</c>.</param>
/// <param name="Message">The reason, for people.</param>
public sealed record RatingRefusal(string Code, string Message)
{
    /// <summary>All refusals.</summary>
    public static IEnumerable<RatingRefusal> All =>
        typeof(RatingRefusal).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(reason => (RatingRefusal)reason.GetValue(null)!);

    /// <summary>The plan does not apply to this customer class.</summary>
    public static readonly RatingRefusal ClassNotServed =
        new("rating-class-not-served", "The plan does not serve this class of customer.");

    /// <summary>The document has terms that cannot be billed.</summary>
    public static readonly RatingRefusal PlanNotBillable =
        new("rating-plan-not-billable", "The plan cannot be billed; the message says why.");

    /// <summary>The period does not lie wholly within the plan version's validity.</summary>
    public static readonly RatingRefusal OutsideValidity =
        new("rating-outside-validity", "The period does not lie within the validity of the plan version.");

    /// <summary>No VAT class covers the tax point.</summary>
    public static readonly RatingRefusal NoVatClass =
        new("rating-no-vat-class", "The plan has no VAT class for the tax point.");

    /// <summary>No supplied day lies in the heating season.</summary>
    public static readonly RatingRefusal OutsideSeason =
        new("rating-outside-season", "No day of the period lies in the plan's season.");

    /// <summary>The period touches two seasons.</summary>
    public static readonly RatingRefusal TwoSeasons =
        new("rating-two-seasons", "The period touches more than one season; each is billed on its own.");

    /// <summary>
    /// A quantity is negative, too large, or has more than six decimals; or the number of months is out of range.
    /// </summary>
    public static readonly RatingRefusal QuantityOutOfRange = new(
        "rating-quantity-out-of-range", 
        "Quantities are 0 to 10,000,000,000 (areas 10,000,000) with at most 6 decimals, months 1 to 24.");

    /// <summary>The correction factor is out of range.</summary>
    public static readonly RatingRefusal FactorOutOfRange =
        new("rating-factor-out-of-range", "The heat correction factor is more than 0 and at most 10.");

    /// <summary>The prepaid amount is negative.</summary>
    public static readonly RatingRefusal PrepaidNegative =
        new("rating-prepaid-negative", "The prepaid amount cannot be negative.");

    /// <summary>The plan prices by area and the supply has no area.</summary>
    public static readonly RatingRefusal AreaMissing =
        new("rating-area-missing", "The plan prices by area and the supply has no area.");

    /// <summary>The total consumption was not measured.</summary>
    public static readonly RatingRefusal TotalMissing =
        new("rating-total-missing", "The plan prices electricity and the total kWh is missing.");

    /// <summary>The registers add up to more than the total.</summary>
    public static readonly RatingRefusal RegistersExceedTotal =
        new("rating-registers-exceed-total", "The time-of-use registers add up to more than the total.");

    /// <summary>A register or quantity that the plan prices was not given.</summary>
    public static readonly RatingRefusal RegisterMissing = new(
        "rating-register-missing", "The plan prices a register, and neither usage nor contract says how much.");

    /// <summary>The refusal for a register that was not given, by its name.</summary>
    public static RatingRefusal Missing(string register) => register == "total"
        ? TotalMissing
        : RegisterMissing with
        {
            Message = $"The plan prices '{register}', and neither usage nor contract says how much.",
        };

    /// <summary>The refusal for a share that is charged at zero consumption when the consumption is unknown.</summary>
    public static RatingRefusal UseUnknown(string component) => new(
        TotalMissing.Code,
        $"usage.registers.total is missing: '{component}' charges its unusedShare when it is 0, else all of it.");

    /// <summary>The registers are all zero, so that a total above zero cannot be spread by them.</summary>
    public static readonly RatingRefusal NothingToSpreadBy = new(
        "rating-nothing-to-spread-by", "The time-of-use registers are all zero and the total is not.");

    /// <summary>An amount does not fit into 64 bits of fen.</summary>
    public static readonly RatingRefusal AmountTooLarge = new(
        "rating-amount-too-large", "An amount of the bill is too large to be true.");

    /// <summary>A reading is missing on a day on which a price changes.</summary>
    public static readonly RatingRefusal ReadingMissing = new(
        "rating-reading-missing", "A price changes in the period; the plan wants a reading of that day in `parts`.");

    /// <summary>The parts of the usage do not make up its period.</summary>
    public static readonly RatingRefusal PartsDoNotAddUp = new(
        "rating-parts-do-not-add-up", "The parts must follow each other, make up the period, and add up to its total.");

    /// <summary>Annual tiers or minimums need the consumption or charges before in the year.</summary>
    public static readonly RatingRefusal YearMissing = new(
        "rating-year-to-date-missing", "The plan counts by the year, and the year to date was not given.");

    /// <summary>The refusal of an annual minimum without the charges of its lines before in the year.</summary>
    public static RatingRefusal YearMissingFor(string minimum, string member) => YearMissing with
    {
        Message = $"usage.yearToDate.{member} is missing: the annual minimum '{minimum}' counts with it.",
    };

    /// <summary>The versions of a plan have different currencies.</summary>
    public static readonly RatingRefusal CurrenciesDiffer = new(
        "rating-currencies-differ", "The versions of the plan are in different currencies.");

    /// <summary>The plan offers several basic charges, and none was chosen.</summary>
    public static readonly RatingRefusal BasicChargeNotChosen = new(
        "rating-basic-charge-not-chosen", "The plan offers basic charges by capacity and by demand; choose one.");

    /// <summary>The plan does not offer the basic charge that was chosen.</summary>
    public static readonly RatingRefusal BasicChargeNotOffered = new(
        "rating-basic-charge-not-offered", "The plan does not offer the basic charge that was chosen.");

    /// <summary>The sealed capacity exceeds the capacity.</summary>
    public static readonly RatingRefusal SealedExceedsCapacity = new(
        "rating-sealed-exceeds-capacity", "More capacity is sealed than the contract has.");

    /// <summary>The affected area exceeds the area of the flat.</summary>
    public static readonly RatingRefusal AffectedAreaTooLarge = new(
        "rating-affected-area-too-large", "The affected area is larger than the billing area.");

    /// <summary>There was an interruption that the plan does not price.</summary>
    public static readonly RatingRefusal InterruptionNotPriced = new(
        "rating-interruption-not-priced",
        "The supply was suspended, disconnected, out, too cold or sealed, and the plan does not say what that means.");

    /// <summary>The days of interruptions of one kind overlap.</summary>
    public static readonly RatingRefusal InterruptionsOverlap = new(
        "rating-interruptions-overlap", "Interruptions of one kind must not share days.");

    /// <summary>The period is not a part of the billing period.</summary>
    public static readonly RatingRefusal OutsideCycle = new(
        "rating-outside-cycle", "The supplied days do not lie within the billing period.");

    /// <summary>A debt or payment is not more than zero.</summary>
    public static readonly RatingRefusal DebtNotPositive = new(
        "penalty-debt-not-positive", "A debt and its payments are more than zero.");

    /// <summary>Payments are not in order of their days.</summary>
    public static readonly RatingRefusal PaymentsOutOfOrder = new(
        "penalty-payments-out-of-order", "Payments must be in order of their days.");

    /// <summary>The plan has no penalty terms.</summary>
    public static readonly RatingRefusal NoPenalty = new("penalty-not-in-plan", "The plan has no penalty terms.");

    /// <summary>The plan has no suspension terms.</summary>
    public static readonly RatingRefusal NoSuspension = new(
        "suspension-not-in-plan", "The plan has no suspension terms.");

    /// <summary>The plan corrects the metered heat, and the flat's factor was not given.</summary>
    public static readonly RatingRefusal HeatFactorMissing = new(
        "rating-heat-factor-missing", "supply.heatFactor is missing: the plan corrects the metered heat by it.");

    /// <summary>The metered heat is missing at settlement.</summary>
    public static readonly RatingRefusal HeatMissing =
        new("rating-heat-missing", "A two-part settlement needs the metered heat.");
}

/// <summary>The result of rating: a bill, or the reason why there is none.</summary>
public readonly record struct Rated
{
    private Rated(Bill? bill, RatingRefusal? refusal) => (Bill, Refusal) = (bill, refusal);

    /// <summary>The bill, or null.</summary>
    public Bill? Bill { get; }

    /// <summary>The refusal, or null.</summary>
    public RatingRefusal? Refusal { get; }

    /// <summary>Whether rating gave a bill.</summary>
    [MemberNotNullWhen(true, nameof(Bill))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsBill => Bill is not null;

    /// <summary>Converts a bill to a result.</summary>
    public static implicit operator Rated(Bill bill) => FromBill(bill);

    /// <summary>Converts a refusal to a result.</summary>
    public static implicit operator Rated(RatingRefusal refusal) => FromRefusal(refusal);

    /// <summary>A result with a bill.</summary>
    public static Rated FromBill(Bill bill) => new(bill, null);

    /// <summary>A result with a refusal.</summary>
    public static Rated FromRefusal(RatingRefusal refusal) => new(null, refusal);
}

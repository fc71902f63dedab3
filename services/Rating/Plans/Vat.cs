using System.Text.Json.Serialization;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The VAT treatment of a charge. Exempt is not a rate of zero: it is booked and declared separately (rules.md R-5).
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<VatTreatment>))]
public enum VatTreatment
{
    /// <summary>Taxed at a rate, which may be 0.</summary>
    Taxed,

    /// <summary>Exempt: no rate at all.</summary>
    Exempt,
}

/// <summary>A VAT class: a treatment and, when taxed, its rate.</summary>
/// <param name="Treatment">The treatment.</param>
/// <param name="Rate">The rate, 0.13 for 13 %; null exactly when exempt.</param>
public sealed record VatClass(VatTreatment Treatment, decimal? Rate)
{
    /// <summary>The net of an amount with tax: round(gross ÷ (1 + rate)), rules.md R-6.</summary>
    public Money NetOf(Money gross) =>
        Rate is { } rate ? Money.FromYuan(gross.Yuan / (1m + rate)) : gross;
}

/// <summary>A VAT class during some days.</summary>
/// <param name="From">First day, inclusive.</param>
/// <param name="To">Last day, inclusive, or null while open.</param>
/// <param name="Class">The class.</param>
public sealed record VatSpan(DateOnly From, DateOnly? To, VatClass Class)
{
    internal static VatSpan Read(PlanObject json)
    {
        var (from, to) = (json.Day("from"), json.OptionalDay("to"));
        var treatment = json.Choice("treatment", ("TAXED", VatTreatment.Taxed), ("EXEMPT", VatTreatment.Exempt));
        decimal? rate = null;
        if (json.Failed("treatment"))
            _ = json.Has("rate");
        else if (treatment == VatTreatment.Taxed)
            rate = json.Number("rate", 0m, 1m);
        else if (json.Has("rate"))
            json.Fail("rate", "an exempt span has no rate; exempt is not 0 %");
        json.Finish();
        return new(from, to, new(treatment, rate));
    }

    /// <summary>The spans must follow each other without gap or overlap and cover the plan's whole validity.</summary>
    internal static void Check(VatSpan[] spans, PlanObject plan, DateOnly validFrom, DateOnly? validTo)
    {
        if (spans.Length == 0)
            return;
        // A day that could not be read is default, and was reported already.
        if (spans[0].From > validFrom && validFrom != default)
            plan.Fail("vat[0].from", "must not be after validFrom");
        for (var i = 0; i < spans.Length; i++)
        {
            if (spans[i].To < spans[i].From && spans[i].To != default(DateOnly))
                plan.Fail($"vat[{i}].to", "must not be before from");
            if (i > 0 && spans[i - 1].To?.AddDays(1) != spans[i].From && spans[i - 1].To != default(DateOnly))
                plan.Fail($"vat[{i}].from", "must be the day after the span before it ends: no gap, no overlap");
        }
        if (spans[^1].To is { } last && last != default && (validTo is null || last < validTo))
            plan.Fail($"vat[{spans.Length - 1}].to", "must not be before validTo");
    }
}

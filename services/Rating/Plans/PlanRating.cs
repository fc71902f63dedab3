using System.Buffers;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>Rating with one version of a plan, or with several.</summary>
public sealed partial class PlanDocument
{
    /// <summary>
    /// Rates a supply's usage. Total and deterministic: it returns a bill or a refusal, and never throws.
    /// </summary>
    /// <param name="supply">Facts about the supply.</param>
    /// <param name="usage">The usage of the supply.</param>
    public Rated Rate(SupplyFacts supply, Usage usage)
    {
        ArgumentNullException.ThrowIfNull(supply);
        ArgumentNullException.ThrowIfNull(usage);
        if (Refuse(supply, usage) is { } refused)
            return refused;
        if (VatOn(usage.TaxPoint ?? usage.Period.Last) is not { } vat)
            return RatingRefusal.NoVatClass;
        // The longest possible bill has every line once; the bill gets a copy of only the lines made.
        var lines = ArrayPool<DraftLine>.Shared.Rent(_templates.Count);
        try
        {
            var bill = new BillBuilder(this, supply, usage, lines);
            return AddTo(ref bill) is { } refusal ? refusal : Finish(ref bill, vat);
        }
        catch (OverflowException)
        {
            return RatingRefusal.AmountTooLarge;
        }
        finally
        {
            ArrayPool<DraftLine>.Shared.Return(lines);
        }
    }

    /// <summary>
    /// Rates a usage by several versions that bill the days of a period one after the other. It is one bill: tax, total
    /// and minimums are computed once, as the last of the versions says, not for each; its VAT class is that of the tax
    /// point (rules.md R-5).
    /// </summary>
    internal static Rated Rate(
        IReadOnlyList<(PlanDocument Plan, Usage Usage)> slices, SupplyFacts supply, Usage whole)
    {
        var last = slices[^1].Plan;
        foreach (var (plan, usage) in slices)
        {
            if (plan.Refuse(supply, usage) is { } refused)
                return refused;
        }
        if (last.VatOn(whole.TaxPoint ?? whole.Period.Last) is not { } vat)
            return RatingRefusal.NoVatClass;
        var lines = ArrayPool<DraftLine>.Shared.Rent(slices.Sum(slice => slice.Plan._templates.Count));
        try
        {
            var bill = new BillBuilder(last, supply, whole, lines);
            for (var i = 0; i < slices.Count; i++)
            {
                var (plan, usage) = slices[i];
                bill.GoOn(plan, usage, i + 1 < slices.Count ? slices[i + 1].Plan : null);
                if (plan.AddTo(ref bill) is { } refusal)
                    return refusal;
            }
            return last.Finish(ref bill, vat);
        }
        catch (OverflowException)
        {
            return RatingRefusal.AmountTooLarge;
        }
        finally
        {
            ArrayPool<DraftLine>.Shared.Return(lines);
        }
    }

    private RatingRefusal? AddTo(ref BillBuilder bill)
    {
        foreach (var component in _components)
        {
            if (component.Rate(ref bill) is { } refusal)
                return refusal;
        }
        return null;
    }

    private Bill Finish(ref BillBuilder bill, VatClass vat)
    {
        var (net, gross, hasNet) = (0m, Money.Zero, TaxOnTop);
        foreach (ref readonly var line in bill.Lines)
        {
            hasNet |= line.Template.TaxOnTop;
            if (!line.Template.Taxable)
                continue;
            if (line.Template.TaxOnTop)
                net += line.Exact;
            else
                gross += line.Line.Amount;
        }
        var tax = Money.Zero;
        if (hasNet && vat.Rate is { } rate)
        {
            tax = Money.FromYuan(net * rate);
            bill.Tax(_taxTemplate, net, rate, tax);
        }
        var before = bill.Sum;
        bill.Round(_roundingTemplate);
        if (!TaxOnTop)
            gross += bill.Sum - before;
        tax += gross - vat.NetOf(gross);
        var lines = new BillLine[bill.Count];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = bill.Lines[i].Line;
        return new(lines, bill.Sum, bill.Sum - tax, tax, vat, bill.Usage.Prepaid) { Shares = bill.Shares?.ToArray() };
    }

    private RatingRefusal? Refuse(SupplyFacts supply, Usage usage) =>
        (_classes & (1 << (int)supply.Class)) == 0 ? RatingRefusal.ClassNotServed
        : usage.Period.First < ValidFrom || usage.Period.Last > (ValidTo ?? Latest) ? RatingRefusal.OutsideValidity
        : FactChecks.Refuse(supply, usage) is { } wrong ? wrong
        : usage.Interruptions != Interruptions.None && !Understands(usage.Interruptions)
            ? RatingRefusal.InterruptionNotPriced
        : _needsArea && supply.AreaM2 == 0m ? RatingRefusal.AreaMissing
        : null;

    /// <summary>Whether the plan prices all interruptions, so that none is ignored.</summary>
    private bool Understands(Interruptions happened) =>
        (!happened.Suspended || Suspension is not null) &&
        (happened.Disconnected.Count == 0 || _prices.HasFlag(Prices.Disconnected)) &&
        (happened.Outages.Count == 0 || _prices.HasFlag(Prices.Outages)) &&
        (happened.Cold.Count == 0 || _prices.HasFlag(Prices.Cold)) &&
        (happened.Sealed.Count == 0 || _prices.HasFlag(Prices.Sealed));

    private VatClass? VatOn(DateOnly day)
    {
        foreach (var span in _vat)
        {
            if (day >= span.From && (span.To is null || day <= span.To))
                return span.Class;
        }
        return null;
    }
}

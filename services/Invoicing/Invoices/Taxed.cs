using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>An amount and the tax in it: amount = net + tax, to the fen (rules.md R-6).</summary>
/// <param name="Amount">With tax.</param>
/// <param name="Net">Without tax.</param>
public readonly record struct Taxed(Money Amount, Money Net)
{
    /// <summary>What is tax.</summary>
    public Money Tax => Amount - Net;

    /// <summary>
    /// A part of the amount that follows on what was taken before. Its net is what the net of all parts so far grows
    /// by, and that is in proportion to them: however an invoice is credited, its parts give its net and its tax back
    /// to the fen, and the last of them takes what is left.
    /// </summary>
    /// <param name="before">What was taken before, with tax.</param>
    /// <param name="part">What is taken now, with tax; together at most the amount.</param>
    public Taxed Part(Money before, Money part) => new(part, NetOf(before + part) - NetOf(before));

    /// <summary>The net of the first part of the amount, halves away from zero.</summary>
    private Money NetOf(Money first)
    {
        if (first == Amount)
            return Net;
        var (twice, of) = ((Int128)2 * Net.Fen * first.Fen, (Int128)2 * Amount.Fen);
        return new((long)((twice + (twice < 0 ? -Amount.Fen : Amount.Fen)) / of));
    }

    /// <summary>What is left after a part was taken.</summary>
    public static Taxed operator -(Taxed whole, Taxed part) => new(whole.Amount - part.Amount, whole.Net - part.Net);
}

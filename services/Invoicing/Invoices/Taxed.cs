using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>An amount and the tax in it: amount = net + tax, to the fen (rules.md R-6).</summary>
/// <param name="Amount">With tax.</param>
/// <param name="Net">Without tax.</param>
public readonly record struct Taxed(Money Amount, Money Net)
{
    /// <summary>The tax: amount − net.</summary>
    public Money Tax => Amount - Net;

    /// <summary>
    /// The next part of the amount after parts taken before. The net of all parts so far is kept in proportion to their
    /// sum, and this part's net is the growth of it: however an invoice is credited, its parts add up to its net and
    /// its tax to the fen, and the last part takes the remainder.
    /// </summary>
    /// <param name="before">The sum of the parts taken before, with tax.</param>
    /// <param name="part">The part taken now, with tax; together with those before at most the amount.</param>
    public Taxed Part(Money before, Money part) => new(part, NetOf(before + part) - NetOf(before));

    /// <summary>The net of a first part of the amount, halves away from zero.</summary>
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

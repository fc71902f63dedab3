using System.Globalization;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>
/// An amount of money in whole fen (1 yuan = 100 fen). Arithmetic is checked: it throws rather than wraps.
/// On the wire and in events it is <c>{"fen": 12345}</c>. <c>default</c> is zero.
/// </summary>
/// <param name="Fen">The amount in fen; negative for money that is paid back or taken off.</param>
public readonly record struct Money([property: JsonRequired] long Fen) : IComparable<Money>
{
    /// <summary>Zero fen.</summary>
    public static readonly Money Zero;

    /// <summary>Whether the amount is exactly zero.</summary>
    [JsonIgnore]
    public bool IsZero => Fen == 0;

    /// <summary>
    /// A decimal amount of yuan as money, rounded half away from zero to whole fen (四舍五入, rules.md G-2).
    /// This is the only place where a decimal becomes money.
    /// </summary>
    /// <param name="yuan">The amount in yuan, any number of decimals.</param>
    /// <exception cref="OverflowException">The amount does not fit into 64 bits of fen.</exception>
    public static Money FromYuan(decimal yuan) =>
        new(decimal.ToInt64(decimal.Round(yuan * 100m, 0, MidpointRounding.AwayFromZero)));

    /// <summary>The amount in yuan, exactly.</summary>
    [JsonIgnore]
    public decimal Yuan => Fen / 100m;

    /// <summary>Adds two amounts.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.Fen + right.Fen));

    /// <summary>Subtracts an amount.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.Fen - right.Fen));

    /// <summary>Negates an amount.</summary>
    public static Money operator -(Money money) => new(checked(-money.Fen));

    /// <summary>Compares by fen.</summary>
    public static bool operator <(Money left, Money right) => left.Fen < right.Fen;

    /// <summary>Compares by fen.</summary>
    public static bool operator >(Money left, Money right) => left.Fen > right.Fen;

    /// <summary>Compares by fen.</summary>
    public static bool operator <=(Money left, Money right) => left.Fen <= right.Fen;

    /// <summary>Compares by fen.</summary>
    public static bool operator >=(Money left, Money right) => left.Fen >= right.Fen;

    /// <summary>The smaller of two amounts.</summary>
    public static Money Min(Money left, Money right) => left <= right ? left : right;

    /// <summary>The larger of two amounts.</summary>
    public static Money Max(Money left, Money right) => left >= right ? left : right;

    /// <summary>The sum of many amounts; zero for none.</summary>
    public static Money Sum(IEnumerable<Money> amounts)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        var fen = 0L;
        foreach (var amount in amounts)
            fen = checked(fen + amount.Fen);
        return new(fen);
    }

    /// <summary>
    /// Splits the amount into <paramref name="parts"/> that add up to it exactly; each part is floored to whole fen and
    /// the rest goes to the last (rules.md C-5: 10,000.00 in three is 3,333.33 + 3,333.33 + 3,333.34).
    /// </summary>
    /// <param name="parts">How many parts; at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one part.</exception>
    public IReadOnlyList<Money> Split(int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        var each = Fen / parts;
        return [.. Enumerable.Repeat(new Money(each), parts - 1), new Money(Fen - each * (parts - 1))];
    }

    /// <inheritdoc/>
    public int CompareTo(Money other) => Fen.CompareTo(other.Fen);

    /// <summary>The amount in yuan with two decimals, for people: <c>1234.50</c>.</summary>
    public override string ToString() => Yuan.ToString("0.00", CultureInfo.InvariantCulture);
}

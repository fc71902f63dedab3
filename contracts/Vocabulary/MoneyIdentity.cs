namespace Billing.Contracts;

/// <summary>A sum of money of one account, or of all. Each is zero or more while the books are in order.</summary>
public enum MoneyTerm
{
    /// <summary>应收: what invoices were issued for.</summary>
    Charges,

    /// <summary>冲减: what credit notes took back of invoices.</summary>
    Credits,

    /// <summary>销账: money that stands against invoices.</summary>
    Allocated,

    /// <summary>未收: what is still owed of invoices.</summary>
    Open,

    /// <summary>实收: what payments brought.</summary>
    Received,

    /// <summary>冲正: what went back to partners.</summary>
    Reversed,

    /// <summary>退款: what went back to customers.</summary>
    Refunded,

    /// <summary>预收: money that stands against no invoice.</summary>
    Advance,
}

/// <summary>
/// An equation between sums of money that holds whatever happened, for one account as for all. A new kind of money is
/// one more term here; the audit, the trial balances and the pages that show them follow.
/// </summary>
public sealed class MoneyIdentity
{
    /// <summary>charges − credits − allocated = open.</summary>
    public static readonly MoneyIdentity Owed = new(
        [(1, MoneyTerm.Charges), (-1, MoneyTerm.Credits), (-1, MoneyTerm.Allocated)], [(1, MoneyTerm.Open)]);

    /// <summary>received − reversed − refunded = allocated + advance.</summary>
    public static readonly MoneyIdentity Held = new(
        [(1, MoneyTerm.Received), (-1, MoneyTerm.Reversed), (-1, MoneyTerm.Refunded)],
        [(1, MoneyTerm.Allocated), (1, MoneyTerm.Advance)]);

    /// <summary>All that hold.</summary>
    public static readonly IReadOnlyList<MoneyIdentity> All = [Owed, Held];

    private readonly (int Sign, MoneyTerm Term)[] _left, _right;

    private MoneyIdentity((int Sign, MoneyTerm Term)[] left, (int Sign, MoneyTerm Term)[] right) =>
        (_left, _right) = (left, right);

    /// <summary>The sum to the left of the equals sign.</summary>
    public Money Left(Func<MoneyTerm, Money> of) => Sum(_left, of);

    /// <summary>The sum to the right of the equals sign.</summary>
    public Money Right(Func<MoneyTerm, Money> of) => Sum(_right, of);

    /// <summary>By how much it is broken; zero when it holds.</summary>
    public Money Difference(Func<MoneyTerm, Money> of) => Left(of) - Right(of);

    /// <summary>The equation in words, each term as it is told.</summary>
    public string Text(Func<MoneyTerm, string> told) => $"{Side(_left, told)} = {Side(_right, told)}";

    /// <summary>The equation in the words of the field.</summary>
    public override string ToString() => Text(term => term.ToString().ToLowerInvariant());

    private static Money Sum((int Sign, MoneyTerm Term)[] side, Func<MoneyTerm, Money> of)
    {
        ArgumentNullException.ThrowIfNull(of);
        return Money.Sum(side.Select(part => part.Sign > 0 ? of(part.Term) : -of(part.Term)));
    }

    private static string Side((int Sign, MoneyTerm Term)[] side, Func<MoneyTerm, string> told)
    {
        ArgumentNullException.ThrowIfNull(told);
        return string.Concat(side.Select((part, at) =>
            (at == 0 ? "" : part.Sign > 0 ? " + " : " − ") + told(part.Term)));
    }
}

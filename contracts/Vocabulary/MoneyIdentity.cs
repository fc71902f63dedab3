namespace Billing.Contracts;

/// <summary>
/// A sum of money of one account, or of all accounts. Each is zero or more while the identities hold.
/// </summary>
public enum MoneyTerm
{
    /// <summary>应收: the sum of issued invoices.</summary>
    Charges,

    /// <summary>冲减: the sum of credit notes.</summary>
    Credits,

    /// <summary>销账: money allocated to invoices.</summary>
    Allocated,

    /// <summary>未收: what is still owed of invoices.</summary>
    Open,

    /// <summary>实收: the sum of payments.</summary>
    Received,

    /// <summary>冲正: the sum of reversals, paid back to partners.</summary>
    Reversed,

    /// <summary>退款: the sum of refunds, paid back to customers.</summary>
    Refunded,

    /// <summary>预收: money held that is allocated to no invoice.</summary>
    Advance,
}

/// <summary>
/// An equation between sums of money that always holds, for one account and for all. A new kind of money is added as a
/// term here; the audit, the trial balances and the pages that show them use these equations.
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

    /// <summary>All identities.</summary>
    public static readonly IReadOnlyList<MoneyIdentity> All = [Owed, Held];

    private readonly (int Sign, MoneyTerm Term)[] _left, _right;

    private MoneyIdentity((int Sign, MoneyTerm Term)[] left, (int Sign, MoneyTerm Term)[] right) =>
        (_left, _right) = (left, right);

    /// <summary>The sum to the left of the equals sign.</summary>
    public Money Left(Func<MoneyTerm, Money> of) => Sum(_left, of);

    /// <summary>The sum to the right of the equals sign.</summary>
    public Money Right(Func<MoneyTerm, Money> of) => Sum(_right, of);

    /// <summary>Left − right; zero when the identity holds.</summary>
    public Money Difference(Func<MoneyTerm, Money> of) => Left(of) - Right(of);

    /// <summary>The equation as text, with each term rendered by the function given.</summary>
    public string Text(Func<MoneyTerm, string> told) => $"{Side(_left, told)} = {Side(_right, told)}";

    /// <summary>The equation as text, with the terms in lower case.</summary>
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

using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The terms of the late-payment penalty (违约金, rules.md 3.1 and 1.8): a rate per day and class, other rates across
/// years, the base that is counted on, a minimum and a cap.
/// </summary>
public sealed class Penalty
{
    private readonly Rate[] _rates;
    private readonly bool _split;
    private readonly bool _onTotal;
    private readonly bool _penaltyFirst;
    private readonly bool _frozen;
    private readonly (DateOnly? To, Money Least)[] _least;
    private readonly decimal? _cap;

    private Penalty(PlanObject json)
    {
        _rates = json.Array("rates", 10, Rate.Read);
        for (var i = 0; i < _rates.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (_rates[i].Classes.Intersect(_rates[j].Classes).Any())
                    json.Fail($"rates[{i}].classes", "has a class that has a rate already");
            }
        }
        _split = !json.Has("crossYear") || json.Choice("crossYear", ("SPLIT", true), ("WHOLE", false));
        _onTotal = json.Has("base") && json.Choice("base", ("OUTSTANDING", false), ("TOTAL", true));
        _penaltyFirst = json.Has("partial") &&
            json.Choice("partial", ("PRINCIPAL_FIRST", false), ("PENALTY_FIRST", true));
        _frozen = json.Has("frozenWhileStopped") && json.Flag("frozenWhileStopped");
        _least = json.OptionalArray("minimum", 10, (element, path, errors) =>
        {
            var one = new PlanObject(element, path, errors);
            var (to, amount) = (one.OptionalDay("to"), one.Number("amount", 0m, 1000m));
            if (decimal.Round(amount, 2) != amount)
                one.Fail("amount", "must not have more than 2 decimals");
            one.Finish();
            return (to, Money.FromYuan(amount));
        });
        for (var i = 0; i < _least.Length - 1; i++)
        {
            if (_least[i].To is null ||
                (_least[i + 1].To is { } next && next <= _least[i].To && !json.Failed($"minimum[{i + 1}].to")))
                json.Fail($"minimum[{i}].to", "must be before the end of the next; only the last is open");
        }
        _cap = json.OptionalNumber("cap", 0m, 10m);
        json.Finish();
    }

    internal static Penalty Read(PlanObject json) => new(json);

    /// <summary>
    /// The penalty for a debt that was paid late. Total and deterministic: a penalty or the reason why there is none.
    /// </summary>
    /// <param name="debt">The debt and how it was paid.</param>
    /// <param name="refusal">The reason, when the result is null.</param>
    public PenaltyBill? Accrue(LateDebt debt, out RatingRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(debt);
        var rate = Array.Find(_rates, one => one.Classes.Contains(debt.Class));
        refusal = rate is null ? RatingRefusal.ClassNotServed
            : debt.Principal <= Money.Zero || debt.Payments.Any(paid => paid.Amount <= Money.Zero)
                ? RatingRefusal.DebtNotPositive
            : debt.Payments.Zip(debt.Payments.Skip(1)).Any(pair => pair.Second.On < pair.First.On)
                ? RatingRefusal.PaymentsOutOfOrder
            : debt.Principal > Money.FromYuan(1_000_000_000_000m) ? RatingRefusal.QuantityOutOfRange
            : FactChecks.Overlap([.. debt.Disconnected]) ? RatingRefusal.InterruptionsOverlap
            : null;
        return refusal is null ? Accrue(debt, rate!) : null;
    }

    private PenaltyBill Accrue(LateDebt debt, Rate rate)
    {
        var lines = new List<PenaltyLine>();
        var (left, from, open, collected) = (debt.Principal, debt.DueOn, 0m, Money.Zero);
        foreach (var payment in debt.Payments.Append(new(debt.PaidOn, debt.Principal)))
        {
            if (left <= Money.Zero || payment.On > debt.PaidOn)
                break;
            open += Days(debt, rate, _onTotal ? debt.Principal : left, from, payment.On, lines);
            from = payment.On > from ? payment.On : from;
            var money = payment.Amount;
            if (_penaltyFirst && payment.On < debt.PaidOn)
            {
                // Money is collected now, so the penalty is rounded now (rules.md L-6, L-7); the part not covered stays
                // open.
                var taken = Money.Min(Money.FromYuan(open), money);
                (collected, money, open) = (collected + taken, money - taken, Math.Max(0m, open - taken.Yuan));
            }
            left -= Money.Min(left, money);
        }
        var exact = collected.Yuan + open;
        var least = exact > 0m ? LeastOn(debt.PaidOn) : Money.Zero;
        var amount = Money.Max(collected + Money.FromYuan(open), least);
        if (_cap is { } cap && amount > Money.FromYuan(debt.Principal.Yuan * cap))
            amount = Money.FromYuan(debt.Principal.Yuan * cap);
        return new([.. lines], exact, amount);
    }

    /// <summary>
    /// Adds the penalty from one day (not counted) to another (counted, rules.md L-4), in lines of one rate each;
    /// returns its exact sum.
    /// </summary>
    private decimal Days(
        LateDebt debt, Rate rate, Money amount, DateOnly from, DateOnly to, List<PenaltyLine> lines)
    {
        var crosses = debt.PaidOn.Year > debt.DueOn.Year;
        var yearEnd = new DateOnly(debt.DueOn.Year, 12, 31);
        if (!crosses || !_split)
            return Piece(crosses ? rate.CrossYear : rate.SameYear, from, to);
        var middle = from > yearEnd ? from : to < yearEnd ? to : yearEnd;
        return Piece(rate.SameYear, from, middle) + Piece(rate.CrossYear, middle, to);

        decimal Piece(decimal perDay, DateOnly after, DateOnly until)
        {
            var days = until.DayNumber - after.DayNumber;
            if (days <= 0)
                return 0m;
            if (_frozen)
            {
                foreach (var cut in debt.Disconnected)
                    days -= cut.Intersect(new(after.AddDays(1), until))?.Days ?? 0;
            }
            var exact = amount.Yuan * perDay * days;
            if (days > 0)
                lines.Add(new(amount, after.AddDays(1), until, days, perDay, exact));
            return exact;
        }
    }

    private Money LeastOn(DateOnly day)
    {
        foreach (var (to, least) in _least)
        {
            if (to is null || day <= to)
                return least;
        }
        return Money.Zero;
    }

    private sealed record Rate(CustomerClass[] Classes, decimal SameYear, decimal CrossYear)
    {
        public static Rate Read(System.Text.Json.JsonElement element, string path, List<PlanError> errors)
        {
            var json = new PlanObject(element, path, errors);
            var classes = PlanDocument.ClassesOf(json, "classes");
            var same = json.Number("rate", 0m, 0.1m);
            var rate = new Rate(classes, same, json.OptionalNumber("crossYearRate", 0m, 0.1m) ?? same);
            json.Finish();
            return rate;
        }
    }
}

/// <summary>A debt that was paid late.</summary>
/// <param name="Class">The debtor's class.</param>
/// <param name="Principal">The amount owed, more than zero.</param>
/// <param name="DueOn">The due date; not counted (rules.md L-4).</param>
/// <param name="PaidOn">The day until which the penalty counts, inclusive; the remainder is paid on it.</param>
public sealed record LateDebt(CustomerClass Class, Money Principal, DateOnly DueOn, DateOnly PaidOn)
{
    /// <summary>Earlier payments, in order of days.</summary>
    public IReadOnlyList<PartPayment> Payments { get; init; } = [];

    /// <summary>Days on which the supply was cut off; they do not overlap.</summary>
    public IReadOnlyList<DateRange> Disconnected { get; init; } = [];
}

/// <summary>A part payment of a debt.</summary>
/// <param name="On">The day.</param>
/// <param name="Amount">The amount, more than zero.</param>
public readonly record struct PartPayment(DateOnly On, Money Amount);

/// <summary>A penalty with the lines it was calculated from.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Exact">Their sum before rounding, minimum and cap, yuan.</param>
/// <param name="Amount">What is owed: rounded once at collection (rules.md L-7), at least the minimum, at most the cap.
/// </param>
public sealed record PenaltyBill(PenaltyLine[] Lines, decimal Exact, Money Amount);

/// <summary>The penalty of one rate on one amount over a number of days.</summary>
/// <param name="On">The amount that is overdue.</param>
/// <param name="From">The first day counted, inclusive.</param>
/// <param name="To">The last day counted, inclusive.</param>
/// <param name="Days">The number of days; fewer than from first to last when the penalty was frozen in between.</param>
/// <param name="Rate">The rate per day, 0.001 for 1 ‰.</param>
/// <param name="Exact">Amount × days × rate, yuan, not rounded.</param>
public sealed record PenaltyLine(Money On, DateOnly From, DateOnly To, int Days, decimal Rate, decimal Exact);

using System.Text.Json;
using Billing.Platform;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Contracts.Tests;

/// <summary>What holds for all amounts and all days, tried on random ones; a failure prints its seed.</summary>
public sealed class PropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    /// <summary>Every size of amount is as likely as every other, to the edges.</summary>
    private static readonly Gen<Money> Amount =
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from bits in Gen.Choose(0, 63)
        select new Money(unchecked((((long)high << 32) | (uint)low) >> bits));

    private static readonly Gen<Money> Ordinary = Gen.Choose(-2_000_000_000, 2_000_000_000)
        .Select(fen => new Money(fen));

    private static readonly Gen<DateOnly> Day = Gen.Choose(0, 60_000)
        .Select(day => new DateOnly(1950, 1, 1).AddDays(day));

    private static readonly Gen<DateRange> Range =
        from day in Day
        from length in Gen.Choose(0, 400)
        select new DateRange(day, day.AddDays(length));

    [Fact]
    public void The_parts_of_a_split_add_up_and_differ_only_in_the_last() => Check(
        from amount in Amount from parts in Gen.Choose(1, 400) select (amount, parts),
        x =>
        {
            var split = x.amount.Split(x.parts);
            var rest = split[^1] - split[0];
            return split.Count == x.parts
                && Money.Sum(split) == x.amount
                && split.SkipLast(1).Distinct().Count() <= 1
                && Math.Abs(rest.Fen) < x.parts;
        });

    [Fact]
    public void Yuan_and_back_is_the_same_amount() => Check(Amount, money => Money.FromYuan(money.Yuan) == money);

    [Fact]
    public void Rounding_moves_an_amount_by_half_a_fen_at_most() => Check(
        from whole in Gen.Choose(-1_000_000, 1_000_000)
        from part in Gen.Choose(-9_999_999, 9_999_999)
        select whole + part / 10_000_000m,
        yuan => Math.Abs(Money.FromYuan(yuan).Yuan - yuan) <= 0.005m && Money.FromYuan(-yuan) == -Money.FromYuan(yuan));

    [Fact]
    public void Addition_is_addition() => Check(
        from a in Ordinary from b in Ordinary from c in Ordinary select (a, b, c),
        x => x.a + x.b == x.b + x.a
            && x.a + x.b + x.c == x.a + (x.b + x.c)
            && x.a - x.b == x.a + -x.b
            && Money.Sum([x.a, x.b, x.c]) == x.a + x.b + x.c);

    [Fact]
    public void Sums_are_exact_or_an_error_and_never_something_else() => Check(
        from a in Amount from b in Amount select (a, b),
        x =>
        {
            var exact = (Int128)x.a.Fen + x.b.Fen;
            try
            {
                return (x.a + x.b).Fen == exact;
            }
            catch (OverflowException)
            {
                return exact > long.MaxValue || exact < long.MinValue;
            }
        });

    [Fact]
    public void Every_amount_travels() => Check(
        Amount,
        money => JsonSerializer.Deserialize<Money>(JsonSerializer.Serialize(money, Wire.Stored), Wire.Stored) == money);

    [Fact]
    public void Every_amount_that_a_company_can_have_is_taken_from_outside_and_no_other() => Check(
        Amount,
        money =>
        {
            try
            {
                var json = JsonSerializer.Serialize(money, Wire.Stored);
                return JsonSerializer.Deserialize<Money>(json, Wire.Strict) == money
                    && Math.Abs(money.Fen) <= StrictValues.MostFen;
            }
            catch (JsonException)
            {
                return money.Fen is < -StrictValues.MostFen or > StrictValues.MostFen;
            }
        });

    [Fact]
    public void What_two_ranges_share_lies_in_both_and_nothing_else_does() => Check(
        from a in Range from b in Range from day in Day select (a, b, day),
        x => (x.a.Intersect(x.b)?.Contains(x.day) ?? false) == (x.a.Contains(x.day) && x.b.Contains(x.day))
            && x.a.Intersect(x.b) == x.b.Intersect(x.a)
            && x.a.Intersect(x.a) == x.a);

    [Fact]
    public void Every_day_lies_in_its_month_and_months_leave_no_gap() => Check(
        Day,
        day =>
        {
            var month = BillingPeriod.Of(day);
            return month.Month.Contains(day)
                && BillingPeriod.IsValid(month.Value)
                && month.Previous.Month.Last.AddDays(1) == month.Month.First;
        });

    private static void Check<T>(Gen<T> values, Func<T, bool> holds) =>
        Prop.ForAll(values.ToArbitrary(), holds).Check(Many);
}

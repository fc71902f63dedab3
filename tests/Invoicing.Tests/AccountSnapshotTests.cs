using FsCheck;
using FsCheck.Fluent;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>Random histories of one account: readings taken and withdrawn, invoices, credits old and new.</summary>
public sealed class AccountSnapshotTests
{
    private static readonly Gen<(int Kind, int Which, int Fen)> Steps =
        from kind in Gen.Choose(0, 7)
        from which in Gen.Choose(0, 100)
        from fen in Gen.Choose(1, 500)
        select (kind, which, fen);

    [Fact]
    public void A_snapshot_at_any_moment_is_what_the_events_add_up_to() => Prop.ForAll(
        Steps.ListOf(30).ToArbitrary(), steps =>
    {
        var (history, state) = (new List<AccountEvent>(), Account.Streams.Fold([]));
        foreach (var (kind, which, fen) in steps)
        {
            if (Next(state, history.Count, kind, which, fen) is not { } e)
                continue;
            history.Add(e);
            state = Account.Streams.Fold(state, [e]);
        }
        SnapshotLaw.Holds(Account.Streams, history);
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static AccountEvent? Next(Account state, int n, int kind, int which, int fen) => kind switch
    {
        0 or 1 => Reading(new(MeterNo.Parse($"M{which % 3}.-_1"), Day("2025-01-01").AddDays(n)), fen),
        2 when state.Withdrawn.Count > 0 => Reading(One(state.Withdrawn, which), fen),
        3 when state.Readings.Count > 0 => Withdrawn(One(state.Readings.Keys, which), n),
        4 or 5 => new InvoiceIssued(
            InvoiceNo.Parse($"E202510-{n:00000000}"), No(1), Utility.Electricity, October, CustomerClass.Residential,
            Region.Parse("海淀区"), Project.Parse("小区1"), new(fen), new(fen - fen / 9), new(fen / 9),
            PlanCode.Parse(Beijing), 1, [],
            [.. state.Readings.Values.Take(which % 3).Select(reading => new Used(
                reading.Meter, reading.ReadOn.AddMonths(-1), reading.ReadOn, fen, which % 2 == 0 ? null : fen / 2))],
            Day("2025-11-01"), Day("2025-11-20"), RunName.Parse("run-1")),
        6 or 7 when state.Invoices.Count > 0 => Credit(state, n, One(state.Invoices.Keys, which), kind == 6),
        _ => null,
    };

    private static CreditIssued? Credit(Account state, int n, InvoiceNo invoice, bool old)
    {
        var amount = new Money((state.LeftOf(invoice).Amount.Fen + 1) / 2);
        if (amount.IsZero)
            return null;
        var part = state.PartOf(invoice, amount);
        return new(
            CreditNoteNo.Parse($"N{n}"), invoice, No(1), amount, "抄表差错", Day("2025-11-05"), old ? null : part.Net,
            old ? null : part.Tax);
    }

    private static ReadingWithdrawn Withdrawn(ReadingName name, int n) =>
        new($"W{n}", No(1), name.Meter, name.ReadOn, "抄错", "user:zhang");

    private static ReadingAccepted Reading(ReadingName name, int fen) => new(
        No(1), name.Meter, name.ReadOn, (ReadingKind)(fen % 3), fen / 100m, fen % 2 == 0 ? null : 1.50m,
        fen % 2 == 0 ? null : 0m, October, fen % 5 == 0 ? null : name.ReadOn.AddMonths(-1), 1 + fen % 3,
        fen % 5 == 0 ? null : fen, null, null, fen % 4 == 0 ? [ReadingFlag.High, ReadingFlag.RolledOver] : []);

    private static T One<T>(IEnumerable<T> some, int which)
    {
        T[] all = [.. some];
        return all[which % all.Length];
    }
}

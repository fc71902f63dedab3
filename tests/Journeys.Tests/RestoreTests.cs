using Billing.Payments;
using Billing.Platform;
using FluentAssertions;

namespace Billing.Journeys.Tests;

/// <summary>
/// Backup and restore as their runbooks say, on a whole instance: what was lost comes again and counts once, and all
/// books agree to the fen.
/// </summary>
[Collection(nameof(Rehearsal))]
public sealed class RestoreTests(Rehearsal rehearsal)
{
    private const string Balanced = "trial balance: balanced";

    [Fact]
    public async Task A_server_that_is_lost_comes_back_from_a_backup_and_lost_payments_come_again_and_count_once()
    {
        await rehearsal.Admit("icbc");
        await rehearsal.Bill(2019);
        for (var i = 1; i <= 4; i++)
            (await rehearsal.Pay("icbc", $"A{i:00}", 100_00)).Should().BeTrue();
        await rehearsal.IsInBalance();
        var backup = await rehearsal.Backup();
        for (var i = 5; i <= 9; i++)
            (await rehearsal.Pay("icbc", $"A{i:00}", 900_000_00)).Should().BeTrue();
        await rehearsal.LosePostgres();

        var output = await rehearsal.Done("restore", "--from", backup);

        output.Should().Contain(Balanced);
        (await rehearsal.Received("icbc")).Should().Be(4 * 100_00);
        for (var i = 1; i <= 9; i++)
        {
            var fen = i < 5 ? 100_00 : 900_000_00;
            (await rehearsal.Pay("icbc", $"A{i:00}", fen)).Should().Be(i >= 5, "only what was lost is new");
            (await rehearsal.Pay("icbc", $"A{i:00}", fen)).Should().BeFalse();
        }
        (await rehearsal.Received("icbc")).Should().Be(4 * 100_00 + 5 * 900_000_00);
        await rehearsal.IsInBalance();
        // The backup is only read: it can be used again, and is refused when a file of it was changed.
        await File.AppendAllTextAsync(Path.Combine(backup, "data", "PG_VERSION"), "\n");
        var (code, refusal) = await rehearsal.Billing("restore", "--from", backup);
        code.Should().NotBe(0);
        refusal.Should().Contain("pg_verifybackup failed").And.Contain("PG_VERSION");
        await rehearsal.IsInBalance();
    }

    [Fact]
    public async Task Payments_alone_comes_back_from_an_older_backup_and_what_others_heard_of_meanwhile_counts_once()
    {
        await rehearsal.Admit("boc");
        await rehearsal.Bill(2020);
        (await rehearsal.Pay("boc", "B11", 100_00)).Should().BeTrue();
        await rehearsal.IsInBalance();
        var backup = await rehearsal.Backup();
        (await rehearsal.Pay("boc", "B12", 700_000_00)).Should().BeTrue();
        await rehearsal.Bill(2021);
        (await rehearsal.Pay("boc", "B13", 50_00)).Should().BeTrue();
        (await rehearsal.Pay("boc", "B14", 60_00)).Should().BeTrue();
        await rehearsal.IsInBalance();
        const string heard = "select count(*) from account_timeline where kind = 'payment-received'";
        var before = await rehearsal.Ask("Customer", heard);
        var charges = await rehearsal.Ask("Payments", "select count(*) from open_charge");

        var (code, refusal) = await rehearsal.Billing("restore", "--from", backup, "invoicing");
        code.Should().NotBe(0);
        refusal.Should().Contain("payments would keep").And.Contain("Nothing was changed");
        await rehearsal.IsInBalance();
        var output = await rehearsal.Done("restore", "--from", backup, "payments");
        (await rehearsal.Ask("Payments", "select max(epoch)::bigint from restart_epoch")).Should().BePositive();

        output.Should().Contain(Balanced).And.Contain($"3 {StoredAsAttribute.NameOf(typeof(PaymentReceived))}");
        (await rehearsal.Ask("Customer", heard)).Should().Be(before - 3, "what is no more is not on a timeline");
        (await rehearsal.Ask("Payments", "select count(*) from open_charge")).Should().Be(
            charges, "bills of after the backup were heard again");
        (await rehearsal.Pay("boc", "B11", 100_00)).Should().BeFalse();
        (await rehearsal.Pay("boc", "B13", 50_00)).Should().BeTrue("the partner repeats it");
        (await rehearsal.TakeFile(
            "boc", ("B11", 100_00), ("B12", 700_000_00), ("B13", 50_00), ("B14", 60_00)))
            .Should().Contain("\"bank-only\":2", "the file names the two that nobody has repeated");
        (await rehearsal.Pay("boc", "B12", 700_000_00)).Should().BeTrue();
        (await rehearsal.Pay("boc", "B14", 60_00)).Should().BeTrue();
        (await rehearsal.Received("boc")).Should().Be(100_00 + 700_000_00 + 50_00 + 60_00);
        await rehearsal.IsInBalance();
        (await rehearsal.Ask("Customer", heard)).Should().Be(before);
    }

    [Fact]
    public async Task A_standby_that_lost_the_last_moment_takes_over_and_what_it_lost_comes_again_and_counts_once()
    {
        await rehearsal.Admit("ccb");
        await rehearsal.Bill(2024);
        (await rehearsal.Pay("ccb", "D31", 100_00)).Should().BeTrue();
        await rehearsal.IsInBalance();
        var backup = await rehearsal.Backup();
        var (code, refusal) = await rehearsal.Billing("restore", "--in-place", "--from", backup);
        code.Should().NotBe(0);
        refusal.Should().Contain("no backup and no service").And.NotContain("Stopping");
        (await rehearsal.Pay("ccb", "D32", 700_000_00)).Should().BeTrue("the services are at work");
        await rehearsal.IsInBalance();
        await rehearsal.FailOverTo(backup);

        var output = await rehearsal.Done("restore", "--in-place", "--since", "2026-01-01");

        output.Should().Contain(Balanced);
        (await rehearsal.Ask("Payments", "select count(*) from restart_epoch")).Should().BePositive();
        (await rehearsal.Received("ccb")).Should().Be(100_00);
        (await rehearsal.Pay("ccb", "D31", 100_00)).Should().BeFalse();
        (await rehearsal.Pay("ccb", "D32", 700_000_00)).Should().BeTrue("the partner repeats it");
        (await rehearsal.Received("ccb")).Should().Be(100_00 + 700_000_00);
        await rehearsal.IsInBalance();
    }

    [Fact]
    public async Task Each_of_the_others_comes_back_alone_and_what_it_forgot_is_done_again()
    {
        await rehearsal.Admit("abc");
        await rehearsal.Bill(2022);
        (await rehearsal.Pay("abc", "C21", 100_00)).Should().BeTrue();
        await rehearsal.IsInBalance();
        var backup = await rehearsal.Backup();
        (await rehearsal.Pay("abc", "C22", 200_00)).Should().BeTrue();
        (await rehearsal.Register("C99000001")).Should().BeTrue();
        (await rehearsal.DraftPlan("restored")).Should().BeTrue();
        (await rehearsal.Draft(2023)).Should().BeTrue();
        await rehearsal.Assess(new(2026, 1, 1));
        await rehearsal.IsInBalance();

        await Restored("customer", typeof(Customers.CustomerRegistered));
        (await rehearsal.Register("C99000001")).Should().BeTrue("nobody knows it any more");
        await Restored("tariff", typeof(Tariffs.PlanDrafted));
        (await rehearsal.DraftPlan("restored")).Should().BeTrue("nobody knows it any more");
        await Restored("invoicing", typeof(Invoicing.RunFrozen));
        (await rehearsal.Draft(2023)).Should().BeTrue("nobody knows it any more");
        await Restored("collections", typeof(Collections.BecameOverdue));
        await rehearsal.Assess(new(2026, 1, 1));

        (await rehearsal.Pay("abc", "C23", 300_00)).Should().BeTrue();
        (await rehearsal.Received("abc")).Should().Be(100_00 + 200_00 + 300_00);
        await rehearsal.IsInBalance();

        async Task Restored(string service, Type lost) => (await rehearsal.Done("restore", "--from", backup, service))
            .Should().Contain(Balanced).And.Contain($"{service}: not in the backup are").And.Contain(
                StoredAsAttribute.NameOf(lost));
    }
}

[CollectionDefinition(nameof(Rehearsal), DisableParallelization = true)]
public sealed class RehearsalCollection : ICollectionFixture<Rehearsal>;

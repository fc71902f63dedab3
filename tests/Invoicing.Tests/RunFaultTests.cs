using Billing.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>
/// Runs that are hit in the middle. A database session that ends inside a transaction is what a killed process looks
/// like.
/// </summary>
public sealed class RunFaultTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private const int Accounts = 1_730;
    private static readonly int[] Shuffled = [2, 2, 0, 3, 1, 0];

    public async Task InitializeAsync()
    {
        await invoicing.Forget();
        await invoicing.Accounts(Enumerable.Range(1, Accounts).Select(number => Account(number)));
        await invoicing.Import(Enumerable.Range(1, Accounts).SelectMany(number => OctoberOf(number, 240m)));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Sessions_that_die_in_draft_and_post_cost_nothing_but_time()
    {
        // A sequence does not roll back, so it can count the victims.
        await invoicing.Execute("""
            create sequence if not exists victims;
            create or replace function die() returns trigger language plpgsql as $$
            begin
              if random() < 0.002 and nextval('victims') <= 6 then
                perform pg_terminate_backend(pg_backend_pid());
              end if;
              return new;
            end $$;
            create trigger die_in_post before insert on invoice for each row execute function die();
            create trigger die_in_draft before update on run_chunk for each row execute function die();
            alter sequence victims restart;
            """);
        try
        {
            await Whole("deaths");
        }
        finally
        {
            await invoicing.Execute("drop trigger die_in_post on invoice; drop trigger die_in_draft on run_chunk");
        }
        await IsExact("deaths");
    }

    [Fact]
    public async Task A_server_that_does_not_take_writes_yet_is_waited_for_and_is_no_failure_of_a_chunk()
    {
        await invoicing.Execute("""
            create sequence if not exists refusals;
            create or replace function refuse() returns trigger language plpgsql as $$
            begin
              if nextval('refusals') <= 12 then
                raise exception 'cannot execute UPDATE in a read-only transaction' using errcode = '25006';
              end if;
              return new;
            end $$;
            create trigger refuse_in_draft before update on run_chunk for each row execute function refuse();
            """);
        try
        {
            await invoicing.Drafted("standby");
        }
        finally
        {
            await invoicing.Execute("drop trigger refuse_in_draft on run_chunk");
        }
        (await invoicing.Scalar<long>("select sum(attempts) from run_chunk where run = 'standby'")).Should().Be(0);
        await invoicing.Posted("standby");
        await IsExact("standby");
    }

    [Fact]
    public async Task Lost_work_is_sent_again_by_itself()
    {
        // The freeze without its messages: what a process leaves that dies right after the commit.
        var services = invoicing.Running.App.Services;
        await RunTransaction.Execute(
            services.GetRequiredService<EventStore>(),
            RunName.Parse("lost"),
            async (_, session) => new FreezeRun(
                RunName.Parse("lost"), Utility.Electricity, October, Day("2025-11-01"), Day("2025-11-20"),
                await FrozenCohort.Seek(
                    session.Connection, services.GetRequiredService<Plans>(), RunName.Parse("lost"),
                    Utility.Electricity, October, 0, default),
                Day("2025-11-01")),
            default);
        await invoicing.Until("lost", "drafted");
        await invoicing.Posted("lost");
        await IsExact("lost");
    }

    [Fact]
    public async Task Chunks_that_come_again_and_in_any_order_are_left_alone()
    {
        await invoicing.Drafted("again");
        var (drafting, posting) = Workers();
        foreach (var chunk in Shuffled)
            await drafting.Execute(new(RunName.Parse("again"), 1, chunk), default);
        (await invoicing.Scalar<long>("select count(*) from work.draft_again")).Should().Be(Accounts);
        await Task.WhenAll(
            invoicing.Posted("again"),
            Task.Run(async () =>
            {
                foreach (var chunk in Shuffled)
                    await posting.Execute(new(RunName.Parse("again"), chunk), default);
            }));
        foreach (var chunk in Enumerable.Range(0, 4))
            (await posting.Execute(new(RunName.Parse("again"), chunk), default)).Should().BeTrue("nothing is left");
        await IsExact("again");
    }

    [Fact]
    public async Task Work_of_an_earlier_draft_is_over()
    {
        await invoicing.Drafted("redo");
        (await invoicing.Post("/runs/redo/redraft")).EnsureSuccessStatusCode();
        await Workers().Drafting.Execute(new(RunName.Parse("redo"), 1, 0), default);
        await invoicing.Until("redo", "drafted");
        (await invoicing.Scalar<long>("select count(*) from work.draft_redo")).Should().Be(Accounts);
        await invoicing.Posted("redo");
        await IsExact("redo");
    }

    [Fact]
    public async Task Work_of_an_earlier_draft_that_waited_for_the_redraft_is_over_too()
    {
        await invoicing.Drafted("waited");
        await invoicing.Execute("""
            delete from work.draft_waited where chunk_no = 0;
            update run_chunk set drafted_at = null, drafted = 0, drafted_fen = 0 where run = 'waited' and chunk_no = 0
            """);
        await using var connection = await invoicing.Running.Source.OpenConnectionAsync();
        await using var redraft = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            "update run_chunk set draft = 2 where run = 'waited' and chunk_no = 0", connection);
        await command.ExecuteNonQueryAsync();
        var waiting = Workers().Drafting.Execute(new(RunName.Parse("waited"), 1, 0), default);
        await Eventually.Is(1L, () => invoicing.Scalar<long>("""
            select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            """), "the number of sessions that wait for the marker");
        await redraft.CommitAsync();
        await waiting;
        (await invoicing.Scalar<long>("select count(*) from work.draft_waited where chunk_no = 0")).Should().Be(0);
    }

    [Fact]
    public async Task A_post_that_breaks_off_leaves_its_chunk_untouched()
    {
        await invoicing.Drafted("broken");
        await invoicing.Execute(
            "alter table invoice add constraint nobody check (account_no <> '1000000001') not valid");
        (await invoicing.Post("/runs/broken/post")).EnsureSuccessStatusCode();
        var attempt = () => Workers().Posting.Execute(new(RunName.Parse("broken"), 0), default);
        (await attempt.Should().ThrowAsync<PostgresException>()).Which.SqlState.Should().Be("23514");
        await Eventually.Is(3L, () => invoicing.Scalar<long>(
            "select count(*) from run_chunk where run = 'broken' and posted_at is not " +
            "null"), "the number of good chunks posted");
        (await invoicing.Events.All<InvoiceIssued>()).Should().NotBeEmpty().And.OnlyContain(
            invoice => string.CompareOrdinal(invoice.Account.Value, "1000000500") > 0);
        await invoicing.Execute("alter table invoice drop constraint nobody");
        await invoicing.Until("broken", "posted");
        await IsExact("broken");
    }

    [Fact]
    public async Task Workers_in_other_processes_help()
    {
        await using var worker = await Running.Start(
            Program.Build, invoicing.Running.RabbitMq, invoicing.Running.Postgres, "--Billing:Role=worker");
        (await worker.Http.GetAsync(new Uri("/totals", UriKind.Relative))).IsSuccessStatusCode.Should().BeFalse();
        await Whole("helped");
        await IsExact("helped");
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task The_cohort_is_what_was_issued_excepted_and_excluded(int seed)
    {
        var random = new Random(seed);
        var run = $"sum-{seed}";
        await invoicing.Execute(
            $"delete from reading where kwh is not null and hashtext(account_no || '{seed}') % 5 = 0");
        await invoicing.Execute(
            $"update reading set flags = 'High' where kwh is not null and hashtext(account_no || 'x{seed}') % 7 = 0");
        await invoicing.Drafted(run);
        for (var i = 0; i < 40; i++)
            await invoicing.Review(run, random.Next(1, Accounts + 1), random.Next(2) == 0 ? "exclude" : "release");
        await invoicing.Posted(run);
        var (issued, excepted, excluded) = await invoicing.Counts(run);
        (issued + excepted + excluded).Should().Be(Accounts);
        excepted.Should().BeGreaterThan(0);
        excluded.Should().BeGreaterThan(0);
        (await invoicing.Books()).Should().Be((issued, issued * 117_19));
        (await invoicing.Verified(run)).Wrong.Should().BeEmpty();
    }

    private (ChunkDrafting Drafting, ChunkPosting Posting) Workers() => (
        invoicing.Running.App.Services.GetRequiredService<ChunkDrafting>(),
        invoicing.Running.App.Services.GetRequiredService<ChunkPosting>());

    private async Task Whole(string run)
    {
        await Eventually.Holds(
            async () => (await invoicing.Freeze(run)).IsSuccessStatusCode, "the run is frozen in spite of everything");
        await invoicing.Until(run, "drafted");
        await Eventually.Holds(
            async () => (await invoicing.Post($"/runs/{run}/post")).IsSuccessStatusCode,
            "posting begins in spite of everything");
        await invoicing.Until(run, "posted");
    }

    /// <summary>Nothing billed twice, nothing forgotten, no number left out, and the manifest adds up.</summary>
    private async Task IsExact(string run)
    {
        (await invoicing.Books()).Should().Be((Accounts, Accounts * 117_19L));
        (await invoicing.Query<string>("select invoice_no from invoice order by account_no"))
            .Should().Equal(Enumerable.Range(1, Accounts).Select(number => $"E202510-{number:00000000}"));
        (await Stored.StreamsOutOfStep(invoicing.Running.Source)).Should().Be(0);
        (await invoicing.Counts(run)).Should().Be((Accounts, 0, 0));
        (await invoicing.Verified(run)).Wrong.Should().BeEmpty();
    }
}

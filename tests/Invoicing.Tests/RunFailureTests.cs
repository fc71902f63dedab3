using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Microsoft.Extensions.DependencyInjection;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>What cannot be billed holds up nobody else, is shown with its reason, and can be given up.</summary>
public sealed class RunFailureTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task City(int accounts)
    {
        await invoicing.Accounts(Enumerable.Range(1, accounts).Select(number => Account(number)));
        await invoicing.Import(Enumerable.Range(1, accounts).SelectMany(number => OctoberOf(number, 240m)));
    }

    [Fact]
    public async Task What_goes_wrong_with_one_account_is_its_own_exception()
    {
        await City(4);
        await invoicing.Accounts([Account(1, version: 2, meters: [Single("M1"), Single("N1")])]);
        await invoicing.Import($"{No(1)},N1,2025-09-30,initial,0,,", $"{No(1)},N1,2025-10-31,regular,1,,");
        await invoicing.Execute($"""
            update reading set kwh = {long.MaxValue} where account_no = '{No(1)}' and kwh is not null;
            update account_supply set class = 'Martian' where account_no = '{No(3)}'
            """);
        await invoicing.Drafted("faults");
        var exceptions = await invoicing.Get("/runs/faults/exceptions");
        exceptions.Texts("items", "account").Should().Equal("1000000001", "1000000003");
        exceptions.Texts("items", "code").Should().Equal("rating-fault", "rating-fault");
        exceptions.Texts("items", "message").Should().AllSatisfy(message => message.Should()
            .StartWith("The bill of this account could not be computed. ").And.NotContain("Exception"));
        await invoicing.Posted("faults");
        (await invoicing.Counts("faults")).Should().Be((2, 2, 0));
    }

    /// <summary>A million yuan a kWh: ten such bills do not add up in 64 bits.</summary>
    [Fact]
    public async Task Bills_that_are_too_large_are_exceptions_and_hold_up_nobody()
    {
        var absurd = Flat("absurd-price", 1, "2025-01-01", 1_000_000m);
        await invoicing.Tell(absurd);
        await invoicing.Accounts(Enumerable.Range(1, 12).Select(number => number == 12 ? Account(number) : Account(
            number, absurd.Plan.Value, meters: [Single($"M{number}", 100m, 9)])));
        await invoicing.Import(Enumerable.Range(1, 12).SelectMany(
            number => OctoberOf(number, number == 12 ? 240m : 100_000_000m)));
        await invoicing.Drafted("absurd");
        var exceptions = await invoicing.Get("/runs/absurd/exceptions");
        exceptions.Texts("items", "code").Should().Equal(Enumerable.Repeat("amount-too-large", 11));
        (await (await invoicing.Review("absurd", 1, "release")).Code()).Should().Be("run-exception-not-releasable");
        (await invoicing.Review("absurd", 1, "exclude")).EnsureSuccessStatusCode();
        await invoicing.Posted("absurd");
        (await invoicing.Books()).Should().Be((1, 117_19L));
    }

    [Fact]
    public void As_many_of_the_largest_bills_as_a_period_has_numbers_for_add_up()
    {
        var sum = () => checked(Drafting.Most.Fen * 99_999_999);
        sum.Should().NotThrow();
    }

    [Fact]
    public async Task A_chunk_that_fails_is_tried_a_few_times_shown_and_drafted_again_by_hand()
    {
        await City(520);
        await Refuse("draft", "update", "new.drafted_at is not null and new.chunk_no = 1");
        (await invoicing.Freeze("stuck")).EnsureSuccessStatusCode();
        await Fails("stuck", ChunkFailures.MostAttempts);

        var failed = await invoicing.Get("/runs/stuck");
        failed.GetProperty("drafting").GetProperty("accountsDone").GetInt32().Should().Be(500, "others go on");
        JsonElement.DeepEquals(failed.GetProperty("failures"), JsonElement.Parse("""
            [{"chunk":1,"first":"1000000501","last":"1000000520","attempts":5,"reason":"out of order"}]
            """)).Should().BeTrue();
        (await new RunChunks(invoicing.Running.Source).Look(default))
            .Select(seen => (seen.Value, string.Join(' ', seen.Tags.ToArray().Select(tag => tag.Value))))
            .Should().Equal((1, "stuck drafting left"), (1, "stuck drafting done"));
        (await (await invoicing.Post("/runs/stuck/post")).Code()).Should().Be("run-still-drafting");
        await invoicing.Running.App.Services.GetRequiredService<WorkItems>().Enqueue(RunName.Parse("stuck"), default);
        (await Attempts("stuck")).Should().Be(5, "what failed too often is not sent again");

        await Allow("draft");
        (await invoicing.Post("/runs/stuck/redraft")).EnsureSuccessStatusCode();
        await invoicing.Until("stuck", "drafted");
        (await invoicing.Get("/runs/stuck")).GetProperty("failures").GetArrayLength().Should().Be(0);
        (await Queue("invoicing.chunks_error")).Should().Be(0, "the run itself shows what failed");
    }

    [Fact]
    public async Task A_chunk_that_cannot_be_posted_goes_on_when_posting_is_asked_for_again()
    {
        await City(520);
        await invoicing.Drafted("half");
        await Refuse("post", "insert", "new.account_no = '1000000510'");
        (await invoicing.Post("/runs/half/post")).EnsureSuccessStatusCode();
        await Fails("half", ChunkFailures.MostAttempts);
        (await invoicing.Get("/runs/half")).GetProperty("posting").GetProperty("invoices").GetInt32().Should().Be(500);
        (await (await Abandon("half")).Code()).Should().Be("run-posting-begun");

        await Allow("post");
        (await invoicing.Post("/runs/half/post")).StatusCode.Should().Be(HttpStatusCode.OK);
        await invoicing.Until("half", "posted");
        (await invoicing.Books()).Should().Be((520, 520 * 117_19L));
        (await invoicing.Verified("half")).Wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task An_abandoned_run_leaves_nothing_but_its_name_and_another_bills_the_same_accounts()
    {
        await City(3);
        await invoicing.Drafted("mistake");
        (await invoicing.Review("mistake", 1, "exclude")).EnsureSuccessStatusCode();
        (await (await Abandon("mistake", "")).Code()).Should().Be("run-reason-missing");
        (await invoicing.Scalar<long>("select count(*) from work.draft_mistake"))
            .Should().Be(3, "a refusal undoes nothing");
        (await Abandon("mistake")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Abandon("mistake", "again")).StatusCode.Should().Be(HttpStatusCode.OK);

        var run = await invoicing.Get("/runs/mistake");
        (run.GetProperty("state").GetString(), run.GetProperty("cohort").GetInt32()).Should().Be(("abandoned", 3));
        run.GetProperty("abandoned").GetProperty("by").GetString().Should().Be("user:zhang");
        run.GetProperty("abandoned").GetProperty("reason").GetString().Should().Be("周期错误");
        (await invoicing.Scalar<long>("""
            select (select count(*) from run_chunk) + (select count(*) from run_cohort)
              + (select count(*) from run_exception) + (select count(*) from pg_class where relname = 'draft_mistake')
            """)).Should().Be(0);
        var services = invoicing.Running.App.Services;
        await services.GetRequiredService<ChunkDrafting>().Execute(new(RunName.Parse("mistake"), 1, 0), default);
        await services.GetRequiredService<ChunkPosting>().Execute(new(RunName.Parse("mistake"), 0), default);
        foreach (var path in new[] { "post", "redraft" })
            (await (await invoicing.Post($"/runs/mistake/{path}")).Code()).Should().Be("run-abandoned");
        (await (await invoicing.Freeze("mistake")).Code()).Should().Be("run-abandoned");
        (await (await invoicing.Http.GetAsync(new Uri("/runs/mistake/manifest", UriKind.Relative))).Code())
            .Should().Be("run-not-posted");

        await invoicing.Drafted("right");
        await invoicing.Posted("right");
        (await invoicing.Counts("right")).Should().Be((3, 0, 0));
        (await (await Abandon("right")).Code()).Should().Be("run-posting-begun");
    }

    [Fact]
    public async Task A_run_of_an_impossible_period_from_before_is_readable_and_can_be_abandoned()
    {
        await City(2);
        await invoicing.Drafted("evil");
        await invoicing.Execute($$"""
            update {{EventTables.Events}} set data = jsonb_set(data, '{period}', '"0001-01"')
            where stream_id = 'run-evil';
            update run set period = '0001-01' where run = 'evil';
            truncate work.draft_evil;
            update run_chunk set drafted_at = null, drafted = 0, drafted_fen = 0 where run = 'evil'
            """);
        await invoicing.Running.App.Services.GetRequiredService<ChunkDrafting>().Execute(new(RunName.Parse("evil"), 1,
            0), default);
        var run = await invoicing.Get("/runs/evil");
        (run.GetProperty("period").GetString(), run.GetProperty("state").GetString())
            .Should().Be(("0001-01", "drafted"));
        run.Texts("exceptions", "code").Should().Equal("rating-fault");
        foreach (var path in new[] { "post", "redraft" })
            (await (await invoicing.Post($"/runs/evil/{path}")).Code()).Should().Be("run-period-out-of-range");
        (await Abandon("evil")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await invoicing.Get("/runs/evil")).GetProperty("state").GetString().Should().Be("abandoned");
    }

    [Fact]
    public async Task An_impossible_period_is_refused_and_leaves_nothing()
    {
        await City(1);
        foreach (var period in new[] { "0001-01", "9999-12", "2199-12" })
        {
            ((int)(await invoicing.Http.PutAsJsonAsync("/runs/evil", new
            {
                utility = "Electricity", period, issuedOn = "2025-11-01", dueOn = "2025-11-20",
            })).StatusCode).Should().BeInRange(400, 422);
        }
        (await invoicing.Scalar<long>("select count(*) from run")).Should().Be(0);
    }

    [Theory, InlineData("invoice"), InlineData("pattern"), InlineData("DRAFT"), InlineData("run-draft")]
    public async Task A_run_may_be_called_like_a_table(string name)
    {
        await City(2);
        await invoicing.Drafted(name);
        await invoicing.Posted(name);
        (await invoicing.Verified(name)).Manifest.Issued.Should().Be(2);
    }

    private Task<HttpResponseMessage> Abandon(string run, string reason = "周期错误")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/runs/{run}/abandonment", UriKind.Relative))
        {
            Content = JsonContent.Create(new { reason }),
        };
        return invoicing.Http.SendAsync(request.As("zhang"));
    }

    /// <summary>Waits for the first failure by itself, and spares the test the pauses before the last one.</summary>
    private async Task Fails(string run, int most)
    {
        await Eventually.Holds(async () => await Attempts(run) > 0, $"a chunk of {run} failed");
        await invoicing.Execute($"update run_chunk set attempts = {most - 1} where run = '{run}' and attempts > 0");
        await invoicing.Until(run, "failed");
        (await Attempts(run)).Should().Be(most);
    }

    private Task<int> Attempts(string run) =>
        invoicing.Scalar<int>($"select max(attempts) from run_chunk where run = '{run}'");

    private Task Refuse(string name, string on, string when) => invoicing.Execute($"""
        create or replace function out_of_order() returns trigger language plpgsql as $$
        begin raise exception 'out of order'; end $$;
        create trigger refuse_{name} before {on} on {(name == "draft" ? "run_chunk" : "invoice")} for each row
          when ({when}) execute function out_of_order()
        """);

    private Task Allow(string name) =>
        invoicing.Execute($"drop trigger refuse_{name} on {(name == "draft" ? "run_chunk" : "invoice")}");

    private async Task<uint> Queue(string name)
    {
        var factory = new RabbitMQ.Client.ConnectionFactory { Uri = invoicing.Running.RabbitMq };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return await channel.MessageCountAsync(name);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            // There is none, for nothing ever went there.
            return 0;
        }
    }
}

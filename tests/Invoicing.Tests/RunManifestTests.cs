using System.Net;
using System.Net.Http.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>When a run is sealed, by which process, and who may read the bills that it covers.</summary>
public sealed class RunManifestTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await invoicing.Forget();
        await invoicing.Accounts([Account(1), Account(2)]);
        await invoicing.Import([.. OctoberOf(1, 240m), .. OctoberOf(2, 241m)]);
        await invoicing.Drafted("sealed");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_run_is_sealed_when_it_is_complete_and_asking_writes_nothing()
    {
        await invoicing.Posted("sealed");
        const string written = "select xmin::text || document from run_manifest";
        var before = await invoicing.Scalar<string>(written);
        var (manifest, wrong) = await invoicing.Verified("sealed");
        wrong.Should().BeEmpty();
        manifest.Amount.Fen.Should().Be(117_19 + 117_73);
        (await invoicing.Scalar<string>(written)).Should().Be(before);
        (await invoicing.Scalar<string>($"""
            select xmin::text from {EventTables.Events} where stream_id = 'run-sealed' order by version desc limit 1
            """)).Should().Be(
            await invoicing.Scalar<string>("select xmin::text from run_manifest"),
            "one transaction completes and seals");
    }

    [Fact]
    public async Task Bills_changed_after_the_seal_are_noticed_by_whoever_has_the_public_key()
    {
        await invoicing.Posted("sealed");
        await invoicing.Execute("update invoice set amount_fen = amount_fen - 1000 where account_no = '1000000001'");
        (await invoicing.Verified("sealed")).Wrong.Should().Contain("the lines are not those that were sealed");
    }

    [Fact]
    public async Task Bills_changed_before_the_seal_are_not_sealed()
    {
        // As the only chunk is marked as posted, somebody lowers a bill of it.
        await invoicing.Execute("""
            create or replace function lower_a_bill() returns trigger language plpgsql as $$
            begin
              update invoice set amount_fen = amount_fen - 1000 where account_no = '1000000001';
              return new;
            end $$;
            create trigger lower_bill before update on run_chunk for each row when (new.posted_at is not null)
              execute function lower_a_bill()
            """);
        (await invoicing.Post("/runs/sealed/post")).EnsureSuccessStatusCode();
        await Eventually.Is(1L, () => invoicing.Scalar<long>(
            "select count(*) from run_chunk where run = 'sealed' and posted_at is not null"),
            "the number of chunks posted");
        await invoicing.Execute("drop trigger lower_bill on run_chunk");
        var services = invoicing.Running.App.Services;
        (await CompleteRun.Execute(
            services.GetRequiredService<EventStore>(), services.GetRequiredService<ManifestKey>(),
            RunName.Parse("sealed"), default)).Rejection.Should().Be(CompleteRun.DoesNotAddUp);
        (await invoicing.Scalar<long>("select count(*) from run_manifest")).Should().Be(0);
        await invoicing.Execute("update invoice set amount_fen = amount_fen + 1000 where account_no = '1000000001'");
        await invoicing.Until("sealed", "posted");
        (await invoicing.Verified("sealed")).Wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task Whoever_is_not_told_may_not_read_every_bill_nor_post_nor_abandon()
    {
        await invoicing.Posted("sealed");
        var zhang = TestTokens.For("zhang", Right.ReadRuns);
        var li = TestTokens.For("li", Right.ReadRuns, Right.ExportInvoices);
        (await Ask(HttpMethod.Get, "manifest/lines", zhang)).Should().Be(HttpStatusCode.Forbidden);
        (await Ask(HttpMethod.Post, "post", zhang)).Should().Be(HttpStatusCode.Forbidden);
        (await Ask(HttpMethod.Post, "abandonment", zhang)).Should().Be(HttpStatusCode.Forbidden);
        (await Ask(HttpMethod.Put, "exceptions/1000000001", zhang)).Should().Be(HttpStatusCode.Forbidden);
        (await Ask(HttpMethod.Get, "manifest/lines", li)).Should().Be(HttpStatusCode.OK);
        (await Ask(HttpMethod.Get, "manifest", zhang)).Should().Be(HttpStatusCode.OK);

        async Task<HttpStatusCode> Ask(HttpMethod method, string what, string token)
        {
            using var request = new HttpRequestMessage(method, new Uri($"/runs/sealed/{what}", UriKind.Relative));
            return (await invoicing.Http.SendAsync(request.With(token))).StatusCode;
        }
    }

    [Fact]
    public async Task A_seal_that_somebody_deleted_is_not_made_again_by_itself()
    {
        await invoicing.Posted("sealed");
        await invoicing.Execute("""
            update invoice set amount_fen = amount_fen - 1000, net_fen = net_fen - 1000 where account_no = '1000000001';
            update invoice set amount_fen = amount_fen + 1000, net_fen = net_fen + 1000 where account_no = '1000000002';
            delete from run_manifest
            """);
        await using var restarted = await Running.Start(
            Program.Build, invoicing.Running.RabbitMq, invoicing.Running.Postgres);
        // Another run takes so long that whatever a process does at its start is done.
        await invoicing.Drafted("later", "2025-11");
        using var asked = await restarted.Http.GetAsync(new Uri("/runs/sealed/manifest", UriKind.Relative));
        (asked.StatusCode, await asked.Code()).Should().Be((HttpStatusCode.Conflict, "run-not-sealed"));
        (await invoicing.Scalar<long>("select count(*) from run_manifest")).Should().Be(0);
    }

    [Fact]
    public async Task A_run_posted_before_there_were_seals_is_sealed_by_a_person_and_says_so()
    {
        await invoicing.Posted("sealed");
        await invoicing.Execute("""
            drop table schema_version;
            create table manifest_key (id integer primary key, pem text not null);
            update run_manifest set document = '{"publicKey":"…"}'
            """);
        await using var newer = await Running.Start(
            Program.Build, invoicing.Running.RabbitMq, invoicing.Running.Postgres);
        (await invoicing.Scalar<bool>("select to_regclass('manifest_key') is null")).Should().BeTrue();
        var li = TestTokens.For("li", Right.SealRun);
        (await Seal(TestTokens.For("zhang", Right.PostRun), "旧批次")).Should().Be("right-missing");
        (await Seal(TestTokens.OfProgram("nightly"), "旧批次")).Should().Be("actor-missing");
        (await Seal(li, " ")).Should().Be("run-reason-missing");
        (await Seal(li, "旧批次")).Should().Be("");
        (await Seal(li, "旧批次")).Should().Be("", "a repeated command changes nothing");

        var (manifest, wrong) = await invoicing.Verified("sealed");
        wrong.Should().BeEmpty();
        manifest.SealedLater.Should().Be(new LaterSeal(TimeProvider.System.Today(), "user:li", "旧批次"));
        (await invoicing.Events.All<RunSealedLater>()).Select(e => e.By).Should().Equal("user:li");

        async Task<string> Seal(string token, string reason)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Post, new Uri("/runs/sealed/seal", UriKind.Relative))
            {
                Content = JsonContent.Create(new { reason }),
            };
            using var answer = await newer.Http.SendAsync(request.With(token));
            return answer.IsSuccessStatusCode ? "" : await answer.Code();
        }
    }

    [Fact]
    public async Task A_draft_of_an_earlier_version_is_outdated_and_can_be_drafted_again()
    {
        await invoicing.Execute("""
            drop table schema_version;
            alter table work.draft_sealed set schema public;
            alter table run drop column abandoned_by, drop column abandoned_because;
            alter table run_chunk drop column attempts, drop column fault;
            alter table draft_sealed drop column supply_version, drop column basis;
            drop table run_draft;
            create table draft_invoice ()
            """);
        await using var newer = await Running.Start(
            Program.Build, invoicing.Running.RabbitMq, invoicing.Running.Postgres);
        (await (await invoicing.Post("/runs/sealed/post")).Code()).Should().Be("run-outdated");
        (await invoicing.Post("/runs/sealed/redraft")).EnsureSuccessStatusCode();
        await invoicing.Until("sealed", "drafted");
        await invoicing.Posted("sealed");
        (await invoicing.Verified("sealed")).Manifest.Issued.Should().Be(2);
        (await invoicing.Scalar<bool>("select to_regclass('draft_invoice') is null")).Should().BeTrue();
    }

    [Fact]
    public async Task Without_a_key_the_service_does_not_start()
    {
        await using var app = Program.Build([
            "--urls=http://127.0.0.1:0", $"--Billing:Postgres={invoicing.Running.Postgres}",
            $"--Billing:RabbitMq={invoicing.Running.RabbitMq}"]);
        (await app.Awaiting(it => it.StartAsync()).Should().ThrowAsync<OptionsValidationException>())
            .WithMessage("*Billing:Manifest:Key is not set*");
    }
}

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Contracts.Audit;
using Billing.Testing;
using FluentAssertions;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>What is on record of requests, how it is asked for, and how services hold each other to it.</summary>
public sealed class AuditedRequestTests : IAsyncLifetime
{
    private Running _service = null!;

    public async Task InitializeAsync()
    {
        _service = await Running.Start(Build, null, null, TestTokens.Settings);
        await _service.Source.CreateCommand(TestAccount.Schema).ExecuteNonQueryAsync();
    }

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task What_is_done_refused_and_read_is_on_record()
    {
        await Send(HttpMethod.Put, "/slips/s1?fen=5", "li", Right.SavePartner);
        await Send(HttpMethod.Put, "/slips/s1?fen=5", "li", Right.SavePartner);
        await Send(HttpMethod.Put, "/slips/s2?fen=0", "li", Right.SavePartner);
        await Send(HttpMethod.Put, "/slips/s3?fen=x", "li", Right.SavePartner);
        await Send(HttpMethod.Put, "/slips/s4?fen=5", "wu", Right.ReadPartners);
        await Send(HttpMethod.Put, "/slips/s5?fen=5", null);
        await Send(HttpMethod.Get, "/slips/s6", null);
        await Send(HttpMethod.Get, "/slips/none", "wu", Right.ReadPartners);
        await Send(HttpMethod.Get, "/slips/s7", "wu", Right.ReadPartners);
        await Send(HttpMethod.Put, "/broken", "li", Right.SavePartner);
        await Send(HttpMethod.Put, "/nowhere", "li", Right.SavePartner);

        await Trail(_service,
            "Command user:li console SaveSlip SavePartner purse-a done",
            "Command user:li console SaveSlip SavePartner s1 200",
            "Refusal user:li console SaveSlip SavePartner s2 not-positive",
            "Refusal user:li console SaveSlip SavePartner s3 bad-request",
            "Refusal user:wu console SaveSlip SavePartner s4 right-missing",
            "Refusal anonymous SaveSlip SavePartner s5 token-invalid",
            "Refusal anonymous ReadSlip ReadPartners s6 token-invalid",
            """Read user:wu console ReadSlip ReadPartners slip-s7 done {"count": 2, "reason": "complaint"}""",
            "Refusal user:li console Break SavePartner fault");
    }

    [Fact]
    public async Task What_may_be_a_person_in_the_path_of_a_refusal_is_left_out()
    {
        foreach (var slip in "13800001111 王伟 11010519491231002X x13800001111y s.1 1380000111".Split(' '))
            await Send(HttpMethod.Put, $"/slips/{Uri.EscapeDataString(slip)}?fen=5", "wu", Right.ReadPartners);

        await Trail(_service, [.. "… … … … s.1 1380000111".Split(' ').Select(target =>
            $"Refusal user:wu console SaveSlip SavePartner {target} right-missing")]);
    }

    [Fact]
    public async Task The_trail_is_asked_for_page_by_page_and_exported_which_is_on_record_itself()
    {
        for (var i = 0; i < 5; i++)
            await Send(HttpMethod.Put, $"/slips/{i}?fen=1", i == 2 ? "wu" : "li", Right.SavePartner);
        await _service.Source.CreateCommand("""
            insert into audit_trail (at, kind, actor, address, operation, outcome) values
            ('2020-01-01', 'Command', 'user:old', 'x', 'SaveSlip', 'done'),
            (now(), 'Refusal', 'user:wu', '=cmd()', '@x', E'a,"b')
            """).ExecuteNonQueryAsync();
        // Rows are found in what is sealed, too.
        await _service.App.Services.GetRequiredService<AuditSealing>().Seal(default);

        (await Ids("/audit-trail")).Should().Be("7,5,4,3,2,1/");
        (await Ids("/audit-trail?limit=4")).Should().Be("7,5,4,3/3");
        (await Ids("/audit-trail?limit=4&after=3")).Should().Be("2,1/");
        (await Ids("/audit-trail?actor=user:wu")).Should().Be("7,3/");
        (await Ids("/audit-trail?operation=SaveSlip&kind=Command&target=purse-a&limit=2")).Should().Be("5,4/4");
        (await Ids("/audit-trail?kind=Refusal")).Should().Be("7/");
        (await Ids("/audit-trail?from=2019-12-31&to=2020-01-01")).Should().Be("6/");
        (await Code("/audit-trail?limit=0")).Should().Be("limit-out-of-range");
        (await Code("/audit-trail?from=2026-01-02&to=2026-01-01")).Should().Be("days-out-of-range");
        (await Code("/audit-trail/export?from=2025-01-01&to=2026-01-02")).Should().Be("days-out-of-range");

        var export = await Send(HttpMethod.Get, "/audit-trail/export?kind=Refusal", "auditor", Right.ReadAuditTrail);
        (await export.Content.ReadAsStringAsync()).Split('\n').Should().HaveCount(3).And.Subject.ElementAt(1)
            .Should().StartWith("7,").And.Contain(",Refusal,user:wu,,").And.NotContain(",=cmd").And.NotContain(",@x")
            .And.EndWith(",\"a,\"\"b\",");
        (await Ids("/audit-trail?kind=Read&actor=user:auditor&operation=ExportAuditTrail")).Should().Be("8/");
        (await Send(HttpMethod.Get, "/audit-trail", "li", Right.SavePartner)).StatusCode.Should()
            .Be(System.Net.HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Services_hear_each_others_digests_and_believe_the_first()
    {
        await using var other = await Running.Start(
            args => BillingService.Create(args, "hearing", typeof(AuditedRequestTests).Assembly).Build(),
            _service.RabbitMq);
        await Send(HttpMethod.Put, "/slips/s1?fen=5", "li", Right.SavePartner);
        await _service.App.Services.GetRequiredService<AuditSealing>().Seal(default);
        var tomorrow = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(1));
        var digests = new AuditDigests(_service.Source, tomorrow, new("audited"));
        var bus = _service.App.Services.GetRequiredService<IBus>();

        (await digests.Publish(bus, default)).Should().Be(1);
        (await digests.Publish(bus, default)).Should().Be(0, "once a day");

        await Eventually.Is(1, () => Heard(other), "the number of digests heard");
        var digest = (await AuditVerification.Held(other.Source, default)).Single();
        (digest.Service, digest.LastBlock, digest.TotalRows).Should().Be(("audited", 1, 1));
        await bus.Publish(digest with { Hash = new string('0', 64) });
        await bus.Publish(digest with { Day = digest.Day.AddDays(1) });
        await Eventually.Is(2, () => Heard(other), "the number of digests heard");
        (await AuditVerification.Held(other.Source, default)).Should().Contain(digest);
        (await AuditVerification.Verify(
            _service.Source, [.. (await AuditVerification.Held(other.Source, default)).Take(1)
                .Select(held => ("hearing", held))], default)).Should().Be(new AuditVerdict(1, 1, 0, 1, null));
    }

    [Fact]
    public async Task Refusals_wait_while_they_cannot_be_written_and_a_read_is_not_allowed_without_a_record()
    {
        await using var process = await Process.Start();
        using var log = new AuditLog(process.Source, TimeProvider.System, NullLogger<AuditLog>.Instance);
        await log.StartAsync(default);
        await process.Run("alter table audit_trail rename to away");

        log.Refused(AuditEntry.Of(AuditKind.Refusal, TimeProvider.System.GetUtcNow(), "Pay"));
        (await log.WriteRefusals(default)).Should().BeFalse();
        await log.Invoking(reading => reading.Read("account-1", "complaint", 1, default)).Should()
            .ThrowAsync<PostgresException>();
        await process.Run("alter table away rename to audit_trail");

        await log.Command("SaveUser", "li", "done", default);
        await log.StopAsync(default);
        (await process.Ask<string>("select string_agg(operation, ',' order by operation) from audit_trail")).Should()
            .Be("Pay,SaveUser", "what waits is written at the latest when the service stops");
    }

    private static WebApplication Build(string[] args)
    {
        var app = BillingService.Create(args, "audited", typeof(AuditedRequestTests).Assembly).Build();
        app.MapPut("/slips/{slip}", Put).WithName("SaveSlip").RequireRight(Right.SavePartner).Refuses(typeof(PutIn));
        app.MapGet("/slips/{slip}", Get).WithName("ReadSlip").RequireRight(Right.ReadPartners)
            .Refuses(Problems.NotFound);
        app.MapPut("/broken", Results<Ok, NoContent> () => throw new InvalidOperationException("broken"))
            .WithName("Break").RequireRight(Right.SavePartner);
        return app;
    }

    private static async Task<Results<Ok<long>, ProblemHttpResult>> Put(string slip, long fen, EventStore store) =>
        await store.Execute(TestAccount.Stream("a"), new PutIn(slip, fen)) is { Rejection: { } refused }
            ? refused.ToProblem()
            : TypedResults.Ok(fen);

    private static async Task<Results<Ok<string>, ProblemHttpResult>> Get(
        string slip, AuditLog log, CancellationToken cancellation)
    {
        if (slip == "none")
            return Problems.NotFound.ToProblem();
        await log.Read($"slip-{slip}", "complaint", 2, cancellation);
        return TypedResults.Ok("secret");
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? user, params Right[] rights)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        // A header of no scheme at all, so that no other one takes its place.
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer", user is null ? "nobody" : TestTokens.Make(new()
            {
                ["sub"] = user, ["preferred_username"] = user, ["client_id"] = "console",
                ["rights"] = string.Join(' ', rights.Select(right => right.WireName())),
            }));
        return await _service.Http.SendAsync(request);
    }

    private static Task Trail(Running service, params string[] expected) => Eventually.Is(
        string.Join('\n', expected.Order(StringComparer.Ordinal)),
        async () =>
        {
            await using var command = service.Source.CreateCommand("""
                select concat_ws(' ', kind, actor, client, operation, permission, target, outcome, details)
                from audit_trail
                """);
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            while (await reader.ReadAsync())
                rows.Add(reader.GetString(0));
            return string.Join('\n', rows.Order(StringComparer.Ordinal));
        },
        "the trail", TimeSpan.FromSeconds(10));

    private async Task<string> Ids(string path)
    {
        var answer = await Send(HttpMethod.Get, path, "auditor", Right.ReadAuditTrail);
        var page = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!;
        return $"{string.Join(',', page["entries"]!.AsArray().Select(entry => entry!["id"]))}/{page["next"]}";
    }

    private async Task<string?> Code(string path) => (string?)(await (
        await Send(HttpMethod.Get, path, "auditor", Right.ReadAuditTrail)).Content
        .ReadFromJsonAsync<JsonNode>())!["code"];

    private static async Task<int> Heard(Running service) =>
        (await AuditVerification.Held(service.Source, default)).Count;
}

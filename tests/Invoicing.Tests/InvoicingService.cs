using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.Contracts.Api;
using Billing.Contracts.Customer;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Invoicing.Tests;

/// <summary>The running service, and the ways to speak to it: over HTTP, and as another service by messages.</summary>
public sealed class InvoicingService : IAsyncLifetime
{
    private long _delivered;
    private int _keys;

    public Running Running { get; private set; } = null!;

    public HttpClient Http => Running.Http;

    public StoredEvents Events => Running.Events;

    public async Task InitializeAsync()
    {
        Running = await Running.Start(Program.Build);
        await Tell(
            Facts.Plan(Facts.Beijing), Facts.Plan(Facts.Commercial), Facts.Plan(Facts.BeijingHeat),
            Facts.Plan("beijing-residential-heat-metered"));
    }

    public async Task DisposeAsync() => await Running.DisposeAsync();

    /// <summary>Publishes messages and waits until every one has had its effect.</summary>
    public async Task Tell(params object[] messages)
    {
        var bus = Running.App.Services.GetRequiredService<IBus>();
        await Task.WhenAll(messages.Select(message => bus.Publish(message, message.GetType())));
        _delivered += messages.Length;
        await Eventually.Is(
            _delivered, () => Scalar<long>("select count(*) from inbox"), "the number of messages applied");
    }

    /// <summary>Throws away everything that tests wrote, plans excepted.</summary>
    public async Task Forget()
    {
        var drafts = await Query<string>(
            "select relname from pg_class where relnamespace = 'work'::regnamespace and relkind = 'r'");
        foreach (var draft in drafts)
            await Execute($"drop table work.\"{draft}\"");
        _delivered = 0;
        // The service is at work meanwhile, in an order of its own.
        await Eventually.Holds(Truncated, "everything is thrown away");
    }

    private async Task<bool> Truncated()
    {
        try
        {
            await Stored.Forget(Running.Source, """
                inbox, account_supply, meter_picture, statement_entry, reading, invoice, credit, run, run_cohort,
                run_chunk, run_exception, invoice_series, run_manifest, proposal
                """);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    }

    public async Task Accounts(IEnumerable<AccountChanged> accounts)
    {
        foreach (var some in accounts.Chunk(500))
            await Tell(new AccountsChanged(some));
    }

    /// <summary>Imports readings; each line is <c>account number, meter, day, kind, total, peak, valley</c>.</summary>
    public async Task<JsonElement> Import(params IEnumerable<string> lines)
    {
        using var answer = await Send($"account,meter,read_on,kind,total,peak,valley\n{string.Join('\n', lines)}\n");
        return await answer.EnsureSuccessStatusCode().Json();
    }

    public Task<HttpResponseMessage> Send(string file, string? key = null) => Send(Encoding.UTF8.GetBytes(file), key);

    public async Task<HttpResponseMessage> Send(byte[] file, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/imports/readings", UriKind.Relative));
        request.Headers.Add("Idempotency-Key", key ?? $"key-{Interlocked.Increment(ref _keys)}");
        request.Content = new ByteArrayContent(file) { Headers = { ContentType = new("text/csv") } };
        return await Http.SendAsync(request);
    }

    /// <summary>
    /// An initial reading of 0 on the last of September, and one of so many kWh on the last of October.
    /// </summary>
    public static IEnumerable<string> OctoberOf(int account, decimal kwh) =>
    [
        $"{Facts.No(account)},M{account},2025-09-30,initial,0,,",
        $"{Facts.No(account)},M{account},2025-10-31,regular,{kwh},,",
    ];

    public Task<HttpResponseMessage> Freeze(
        string run, Utility utility = Utility.Electricity, string period = "2025-10", string due = "2025-11-20") =>
        Http.PutAsJsonAsync(
            $"/runs/{run}",
            new FreezeRunRequest(utility, BillingPeriod.Parse(period), Facts.Day("2025-11-01"), Facts.Day(due)),
            Wire.Strict);

    /// <summary>The manifest as it is given out, and what is wrong with it and its lines.</summary>
    public async Task<(Manifest Manifest, IReadOnlyList<string> Wrong)> Verified(string run)
    {
        var manifest = ManifestSeal.Parse(await Http.GetByteArrayAsync($"/runs/{run}/manifest"));
        using var key = SealingKey.Public();
        return (manifest, manifest.Verify(await Http.GetStreamAsync($"/runs/{run}/manifest/lines"), key));
    }

    public Task<HttpResponseMessage> Review(string run, int account, string action) => Http.PutAsJsonAsync(
        $"/runs/{run}/exceptions/{Facts.No(account)}", new { action, reason = "复核" });

    /// <summary>Posts to a path; where that takes two people, as two.</summary>
    public Task<HttpResponseMessage> Post(string path) => Http.Agree(HttpMethod.Post, path);

    public async Task<JsonElement> Drafted(string run, string period = "2025-10", Utility utility = Utility.Electricity)
    {
        (await Freeze(run, utility, period)).EnsureSuccessStatusCode();
        await Until(run, "drafted");
        return await Get($"/runs/{run}");
    }

    public async Task<JsonElement> Posted(string run)
    {
        (await Post($"/runs/{run}/post")).EnsureSuccessStatusCode();
        await Until(run, "posted");
        return await Get($"/runs/{run}");
    }

    public Task Until(string run, string state) => Eventually.Is(
        state, async () => (await Get($"/runs/{run}")).GetProperty("state").GetString()!, $"the state of {run}");

    /// <summary>The cohort as the tables have it: issued, excepted and excluded.</summary>
    public async Task<(long Issued, long Excepted, long Excluded)> Counts(string run) => (
        await Scalar<long>($"select coalesce(sum(issued), 0)::bigint from run_chunk where run = '{run}'"),
        await Scalar<long>($"select count(*) from run_exception where run = '{run}' and state = 'open'"),
        await Scalar<long>($"select count(*) from run_exception where run = '{run}' and state = 'excluded'"));

    /// <summary>Invoices in the table, invoice events, and the sum of each: they must be the same.</summary>
    public async Task<(long Count, long Fen)> Books()
    {
        var rows = await Query<(long, long)>("select count(*), coalesce(sum(amount_fen), 0)::bigint from invoice");
        var events = await Events.All<InvoiceIssued>();
        ((long)events.Count, events.Sum(invoice => invoice.Amount.Fen)).Should().Be(rows[0]);
        return rows[0];
    }

    public async Task<JsonElement> Get(string path) => await Http.GetFromJsonAsync<JsonElement>(path);

    public async Task<T> Scalar<T>(string sql) => (await Query<T>(sql))[0];

    public async Task<List<T>> Query<T>(string sql)
    {
        await using var connection = await Running.Source.OpenConnectionAsync();
        return [.. await connection.QueryAsync<T>(sql)];
    }

    public async Task Execute(string sql)
    {
        await using var connection = await Running.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}

internal static class Answers
{
    public static async Task<JsonElement> Json(this HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>())!;

    public static async Task<string> Code(this HttpResponseMessage response) =>
        (await response.Json()).GetProperty("code").GetString()!;

    public static long Fen(this JsonElement json, params string[] path) =>
        path.Aggregate(json, (element, name) => element.GetProperty(name)).GetProperty("fen").GetInt64();

    public static string[] Texts(this JsonElement json, string list, string name) =>
        [.. json.GetProperty(list).EnumerateArray().Select(item => item.GetProperty(name).ToString())];
}

using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Billing.Collections;
using Billing.Platform;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Journeys.Tests;

/// <summary>
/// What is kept beside the events follows from them, and what nobody has taught the audit it does not judge.
/// </summary>
[Collection(nameof(BooksTests))]
public sealed class BooksTests(City city)
{
    /// <summary>How far each publisher was heard, whichever connections heard it.</summary>
    private const string Heard =
        "select to_jsonb(h) - 'slot' as row from heard h where sequence = (select max(sequence) from heard o " +
        "where o.publisher = h.publisher)";

    /// <summary>What each consumer has had; a rebuild makes it forget which messages those were.</summary>
    private const string Inbox = "select to_jsonb(i) - 'message_id' as row from inbox i";

    private static readonly string[] Services = ["Customer", "Tariff", "Invoicing", "Payments", "Collections"];

    [Fact]
    public async Task Every_read_model_of_every_service_is_the_same_again_after_a_rebuild()
    {
        Projections.All.Select(projection => projection.Service).Distinct().Should().BeEquivalentTo(Services);
        await Live("books");
        await TrailsAreSealed();
        var before = await Pictures();

        await Rebuild();
        (await Pictures()).Should().BeEquivalentTo(before, "a rebuild changes no row of any table");
        foreach (var (service, table) in Projections.All)
        {
            before[(service, table)].Rows.Should().BePositive(
                $"{service}'s {table} must hold something, else it was not seen rebuilt: let it happen in Live");
            await city.Ask(service, $"delete from {table}");
        }
        await Rebuild();
        (await Pictures()).Should().BeEquivalentTo(before, "a rebuild brings back every row from the events");
        await city.IsInBalance();
    }

    [Fact]
    public async Task A_stored_event_that_the_audit_does_not_know_is_named_and_nothing_is_called_broken()
    {
        await Live("unknown");
        await city.IsInBalance();
        var overdue = await city.Stored(
            "Collections", events => events.Since<BecameOverdue>().Select(e => e.Id).LastAsync().AsTask());

        await Rename(typeof(Demanded));
        var (code, output) = await city.Call("audit");
        await Rename(typeof(BecameOverdue));

        code.Should().Be(1);
        output.Should().Contain(
            $"trial balance: cannot be told ({City.Accounts} accounts; " +
            $"unknown to this audit: collections {StoredAsAttribute.NameOf(typeof(Demanded))})")
            .And.NotContain("BROKEN");
        await city.IsInBalance();

        Task Rename(Type kind) => city.Ask(
            "Collections",
            $"update {EventTables.Events} set type = '{StoredAsAttribute.NameOf(kind)}' where id = '{overdue}'");
    }

    [Fact]
    public async Task What_is_recorded_while_an_audit_reads_is_no_difference()
    {
        await city.IsInBalance();
        var statement = await city.Ask("Invoicing", Entries);
        var timeline = await city.Ask("Customer", Timeline);
        var advance = await city.Ask("Collections", Advance);
        await Done(
            "Payments", "/partners/meanwhile",
            new { name = "同时", channel = "Bank", amountRule = "ANY", dayCut = "00:00:00" });
        await using var invoicing = NpgsqlDataSource.Create(city.Databases["Invoicing"]);
        await using var connection = await invoicing.OpenConnectionAsync();
        await using var holds = await connection.BeginTransactionAsync();
        await using (var held = new NpgsqlCommand("lock table invoice in access exclusive mode", connection))
            await held.ExecuteNonQueryAsync();

        // It has opened the events of Payments, and none of the rows.
        var audit = city.Call("audit");
        await Eventually.Is(
            1, () => city.Ask(
                "Invoicing", "select count(*) from pg_locks where not granted and relation = 'invoice'::regclass"),
            "who waits for the invoices");
        await Done(
            "Payments", $"/partners/meanwhile/payments/{Text(TimeProvider.System.Today())}/M1",
            new { account = "1000000001", amount = new { fen = 999_999_99 } });
        await Eventually.Is(statement + 1, () => city.Ask("Invoicing", Entries), "the entries of statements");
        await Eventually.Is(timeline + 1, () => city.Ask("Customer", Timeline), "the entries of timelines");
        await Eventually.Holds(async () => await city.Ask("Collections", Advance) > advance, "the advance is known");
        await holds.RollbackAsync();

        var (code, output) = await audit;
        output.Should().Contain("balanced (").And.NotContain("BROKEN");
        code.Should().Be(0);
    }

    private const string Unsealed =
        "select count(*) from audit_trail where id > coalesce((select max(last_id) from audit_block), 0)";
    private const string Entries = "select count(*) from statement_entry";
    private const string Timeline = "select count(*) from account_timeline";
    private const string Advance = "select sum(advance_fen)::bigint from account_advance";

    private async Task Rebuild()
    {
        foreach (var service in Services)
        {
            var (code, output) = await city.Call("rebuild", service.ToLowerInvariant());
            code.Should().Be(0, output);
        }
    }

    /// <summary>
    /// Everything that writes a row: read, billed, paid, taken back, blocked and paid after all, refunded, credited,
    /// compared, overdue.
    /// </summary>
    private async Task Live(string mark)
    {
        await city.Tool("import", "readings", city.File("readings-2026-09.csv"));
        var run = await city.StartRun();
        await city.Reaches(run, "drafted");
        await city.Post(run);
        await city.Reaches(run, "posted");
        var issued = await city.Ask("Invoicing", "select count(*) from invoice");
        await Eventually.Is(
            issued, () => city.Ask("Payments", "select count(*) from open_charge"), "the invoices in Payments");
        await city.Call("partner-load", "--payments", "200", "--connections", "8", "--query");

        var (account, invoice) = await Newest();
        var (day, yesterday) = (Text(TimeProvider.System.Today()), Text(TimeProvider.System.Today().AddDays(-1)));
        // A partner of its own, for the file ends its day.
        await Done(
            "Payments", $"/partners/{mark}",
            new { name = mark, channel = "Bank", amountRule = "ANY", dayCut = "00:00:00" });
        var payments = $"/partners/{mark}/payments/{day}/{mark}";
        await Done(
            "Payments", $"/partners/{mark}/payments/{yesterday}/{mark}-1",
            new { account, amount = new { fen = 900_000_00 } });
        var overtaken = $"/partners/{mark}/payments/{yesterday}/{mark}-3";
        await Done("Payments", $"{overtaken}/reversal", new { account, reason = "超时" });
        await Done("Payments", $"{payments}-2", new { account, amount = new { fen = 100_00 } });
        await Done("Payments", $"{payments}-2/reversal", new { account, reason = "冲正" });
        foreach (var (service, kind) in new[] { ("Invoicing", "credit"), ("Payments", "refund") })
        {
            await Done(
                service, $"/approval-limits/{kind}", new { alone = new { fen = 0 }, openDays = 8, reason = mark });
        }
        await Done(
            "Tariff", "/approval-limits/publish-plan", new { alone = (object?)null, openDays = 8, reason = mark });
        await Done("Payments", $"/refunds/{mark}-1", new { account, amount = new { fen = 50_00 }, reason = "退预收" });
        await Done(
            "Invoicing", $"/invoices/{invoice}/credits/{mark}-1", new { amount = new { fen = 1 }, reason = "更正" });
        using var file = new StringContent(
            $"2|900070.00\n{yesterday}|{mark}-1|{account}|900000.00|MOBILE|PAY\n"
            + $"{yesterday}|{mark}-3|{account}|70.00|MOBILE|PAY\n", Encoding.UTF8, "text/plain");
        using var taken = await city.Services["Payments"].Http.PostAsync(
            new Uri($"/partners/{mark}/days/{yesterday}/reconciliation", UriKind.Relative), file);
        taken.IsSuccessStatusCode.Should().BeTrue(await taken.Content.ReadAsStringAsync());
        await Done("Payments", overtaken, new { account, amount = new { fen = 70_00 } });
        using var ask = new HttpRequestMessage(
            HttpMethod.Put, new Uri($"/reversal-requests/{mark}-1", UriKind.Relative))
        {
            Content = new StringContent(
                $$"""{"payment":"{{mark}}-{{yesterday}}-{{mark}}-1","reason":"银行已退"}""", Encoding.UTF8,
                "application/json"),
        };
        using var asked = await city.Services["Payments"].Http.SendAsync(ask.As("li"));
        asked.IsSuccessStatusCode.Should().BeTrue(await asked.Content.ReadAsStringAsync());
        await city.IsInBalance(run);
        await Done("Collections", $"/sweeps/{TimeProvider.System.Today():yyyy-MM-dd}", new { });
        await city.IsInBalance(run);
    }

    private static string Text(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private async Task<(string Account, string Invoice)> Newest()
    {
        await using var source = NpgsqlDataSource.Create(city.Databases["Invoicing"]);
        await using var command = source.CreateCommand(
            "select account_no, invoice_no from invoice order by recorded_at desc, invoice_no desc limit 1");
        await using var reader = await command.ExecuteReaderAsync();
        (await reader.ReadAsync()).Should().BeTrue();
        return (reader.GetString(0), reader.GetString(1));
    }

    private async Task Done(string service, string path, object body)
    {
        using var answer = await city.Put(service, path, body);
        answer.IsSuccessStatusCode.Should().BeTrue($"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Nothing waits to be sealed in any audit trail: blocks are made by the clock.</summary>
    private async Task TrailsAreSealed()
    {
        foreach (var service in Services)
            await Eventually.Is(0, () => city.Ask(service, Unsealed), $"the rows of {service}'s trail in no block");
    }

    /// <summary>Every table of every service, events too: how many rows, and what all of them say.</summary>
    private async Task<Dictionary<(string Service, string Table), (long Rows, string? All)>> Pictures()
    {
        var pictures = new Dictionary<(string, string), (long, string?)>();
        foreach (var service in Services)
        {
            await using var source = NpgsqlDataSource.Create(city.Databases[service]);
            var tables = new List<string>();
            await using (var listed = source.CreateCommand("""
                select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
                  and relname not in ('lease', 'readiness')
                """))
            await using (var reader = await listed.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                    tables.Add(reader.GetString(0));
            }
            foreach (var table in tables)
            {
                var rows = table switch
                {
                    "heard" => Heard,
                    "inbox" => Inbox,
                    _ => $"select to_jsonb(t) - 'applied_at' as row from \"{table}\" t",
                };
                await using var command = source.CreateCommand($"""
                    select count(*), md5(string_agg(row::text, E'\n' order by row::text)) from ({rows}) rows
                    """);
                await using var row = await command.ExecuteReaderAsync();
                await row.ReadAsync();
                pictures[(service, table)] = (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1));
            }
        }
        return pictures;
    }

    /// <summary>What a newer version may store.</summary>
    [StoredAs("demanded.v1")]
    private sealed record Demanded;
}

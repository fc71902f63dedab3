using System.Diagnostics;
using System.Text.Json.Nodes;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Journeys.Tests;

/// <summary>The question as a person asks it: on the command line, of a city that was billed.</summary>
[Collection(nameof(City))]
public sealed class WhatIfTests(City city)
{
    private static int _drafts;

    [Fact]
    public async Task A_dearer_winter_is_told_and_an_account_is_quoted()
    {
        var run = await city.StartRun();
        await city.Reaches(run, "drafted");
        await city.Post(run);
        await city.Reaches(run, "posted");
        var season = $"{run[..4]}-{int.Parse(run[..4], System.Globalization.CultureInfo.InvariantCulture) + 1}";
        var billed = await city.Ask("Invoicing", $"""
            select sum(amount_fen)::bigint from invoice where period = '{season}' and plan = 'beijing-residential-heat'
            """);

        var draft = await Draft(document => document["components"]![0]!["area"]!["price"] = 48);
        var (code, output) = await city.Call("what-if", draft, "--from", season, "--to", season, "--json");
        code.Should().Be(0, output);
        var result = JsonNode.Parse(output.Split('\n').First(line => line.StartsWith('{')))!;
        var total = result["total"]!;
        ((long)total["old"]!["fen"]!).Should().Be(billed);
        ((long)total["new"]!["fen"]!).Should().BeCloseTo(
            2 * billed, (ulong)(long)total["invoices"]!, "it is twice the price, and each bill is rounded by itself");
        ((long)result["notReproducible"]!["invoices"]!).Should().Be(0);

        (code, output) = await city.Call("what-if", draft, "--from", season, "--to", season);
        code.Should().Be(0, output);
        output.Should().Contain("+100.0").And.Contain("Who would pay less by most 少付最多: nobody");

        var loser = (string)result["losers"]![0]!["account"]!;
        (code, output) = await city.Call("quote", loser, "--period", season, "--area", "10");
        code.Should().Be(0, output);
        output.Should().Contain("10 m2 × 24 = 240.00");
    }

    [Fact]
    public async Task A_document_with_mistakes_is_refused_with_each_of_them()
    {
        var draft = await Draft(document =>
        {
            document["components"]![0]!["area"]!["price"] = -1;
            document["rounding"] = "NEVER";
        });
        var (code, output) = await city.Call("what-if", draft, "--from", "2020-2021", "--to", "2020-2021");
        code.Should().Be(1);
        output.Should().Contain("plan-document-invalid").And.Contain("$.rounding: ").And
            .Contain("$.components[0].area.price: ");
    }

    [Fact]
    public async Task An_interrupted_question_ends_at_once_with_130_and_leaves_no_query()
    {
        await using var source = NpgsqlDataSource.Create(city.Databases["Invoicing"]);
        await using var holder = await source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using var hold = holder.CreateCommand();
        hold.CommandText = "lock table invoice in access exclusive mode";
        await hold.ExecuteNonQueryAsync();

        var asked = city.Start("what-if", await Draft(_ => { }), "--from", "2020-2021", "--to", "2020-2021");
        await Eventually.Is(1L, Waiting, "queries that wait for the locked table");
        // As Ctrl-C, which whoever is started by a script that ignores it never hears.
        using (var signal = Process.Start("kill", ["-TERM", $"{asked.Id}"]))
            await signal.WaitForExitAsync();
        await asked.WaitForExitAsync();
        asked.ExitCode.Should().Be(130);
        (await asked.StandardError.ReadToEndAsync()).Should().Contain("Stopped");
        asked.Dispose();
        await Eventually.Is(0L, Waiting, "queries that wait for the locked table");

        Task<long> Waiting() => city.Ask("Invoicing", """
            select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            """);
    }

    /// <summary>The published price of heat, with something else in it.</summary>
    private async Task<string> Draft(Action<JsonObject> change)
    {
        var document = JsonNode.Parse(
            await System.IO.File.ReadAllTextAsync(city.File("plans/beijing-residential-heat.json")))!.AsObject();
        change(document);
        var file = city.File($"draft-{Interlocked.Increment(ref _drafts)}.json");
        await System.IO.File.WriteAllTextAsync(file, document.ToJsonString());
        return file;
    }
}

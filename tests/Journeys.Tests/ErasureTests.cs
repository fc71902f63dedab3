using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Billing.Platform;
using Billing.Testing;
using FluentAssertions;

namespace Billing.Journeys.Tests;

/// <summary>Somebody asks to be forgotten, and has paid.</summary>
[Collection(nameof(City))]
public sealed class ErasureTests(City city)
{
    private const string Customer = "/customers/C77000001";
    private const string Account = "7700000001";

    private const string Header = "account,customer,name,phone,region,project,address,class,opened_on,"
        + "electricity_plan,voltage,meters,heat_plan,area_m2,height_m,use_class,heat_metered";

    /// <summary>All that was ever known about the person.</summary>
    private static readonly string[] Personal =
        ["尉迟恭平", "尉迟敬德", "17712348765", "17712348766", "芳草地77号楼", "7701室"];

    [Fact]
    public async Task Nothing_of_an_erased_customer_is_left_in_any_database_queue_or_file_but_the_money()
    {
        await Live();
        var paid = await city.Ask("Payments", Advance);
        paid.Should().Be(50_00);
        (await Everywhere()).Should().BeEmpty("only ciphertext is kept, before an erasure as well");

        (await Send(HttpMethod.Post, $"{Customer}/erasure", new { contractsEndedOn = "2026-10-31", reason = "申请 77" }))
            .EnsureSuccessStatusCode();

        await Eventually.Is("***", MaskedInPayments, "the name in Payments");
        (await city.Call("rebuild", "customer")).Code.Should().Be(0);
        (await (await Send(HttpMethod.Get, Customer)).Content.ReadAsStringAsync()).Should().Contain("\"erased\":true");
        (await (await Send(HttpMethod.Get, $"/accounts/{Account}")).Content.ReadAsStringAsync())
            .Should().Contain("\"maskedName\":\"***\"");
        (await Send(HttpMethod.Get, $"{Customer}/personal-data")).IsSuccessStatusCode.Should().BeFalse();
        (await city.Ask("Payments", Advance)).Should().Be(paid, "the money stays");
        await city.IsInBalance();
        (await Everywhere()).Should().BeEmpty();
    }

    private const string Advance =
        $"select coalesce(sum(amount_fen), 0)::bigint from payment where account_no = '{Account}'";

    /// <summary>Registered, taken over twice, paid, corrected, searched for, read.</summary>
    private async Task Live()
    {
        (await Send(HttpMethod.Put, Customer, new { name = Personal[0], phone = Personal[2], kind = "Person" }))
            .EnsureSuccessStatusCode();
        var line = $"{Account},C77000001,{Personal[0]},{Personal[2]},朝阳区,芳草地,朝阳区{Personal[4]}{Personal[5]},"
            + "Residential,2020-10-01,,,,beijing-residential-heat,60.5,,住宅,0";
        var mixedUp = $"{Personal[0]},{Personal[2]}{line[Account.Length..]}";
        using var file = new StringContent($"{Header}\n{line}\n{mixedUp}\n", Encoding.UTF8, "text/csv");
        file.Headers.Add("Idempotency-Key", "erasure");
        using var taken = await city.Services["Customer"].Http.PostAsync(
            new Uri("/imports/accounts", UriKind.Relative), file);
        (await taken.Content.ReadAsStringAsync()).Should().Contain("\"opened\":1").And.Contain("\"refusedTotal\":1");
        await Eventually.Is("尉*", MaskedInPayments, "the name in Payments");

        var day = TimeProvider.System.Today().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        (await city.Put(
            "Payments", "/partners/erasure",
            new { name = "银行", channel = "Bank", amountRule = "ANY", dayCut = "00:00:00" })).EnsureSuccessStatusCode();
        (await city.Put(
            "Payments", $"/partners/erasure/payments/{day}/E1",
            new { account = Account, amount = new { fen = 50_00 } }))
            .EnsureSuccessStatusCode();

        (await Send(HttpMethod.Post, $"{Customer}/corrections", new
        {
            name = Personal[1], phone = Personal[3], kind = "Person", reason = "身份证复印件 77",
        })).EnsureSuccessStatusCode();
        var found = await Send(HttpMethod.Post, "/customers/search", new
        {
            name = Personal[1], phone = Personal[3], after = (string?)null,
        });
        (await found.Content.ReadAsStringAsync()).Should().Contain("C77000001");
        var read = await Send(HttpMethod.Get, $"{Customer}/personal-data");
        (await read.Content.ReadAsStringAsync()).Should().Contain(Personal[1]).And.Contain(Personal[3]);
        read = await Send(HttpMethod.Get, $"/accounts/{Account}/personal-data");
        (await read.Content.ReadAsStringAsync()).Should().Contain(Personal[5]);
        await city.Published("Customer");
    }

    /// <summary>Every dump, queue and log in which a word of the person is found.</summary>
    private async Task<List<string>> Everywhere()
    {
        var places = new Dictionary<string, string>();
        foreach (var (service, database) in city.Databases)
            places[$"database {service}"] = await Dump.Of(database);
        foreach (var (service, process) in city.Services)
            places[$"log {service}"] = process.ReadLog();
        foreach (var log in Directory.GetFiles(Path.Combine(Backend.Root, ".run", Backend.Instance, "logs")))
        {
            if (File.Exists(log))
                places[$"log {Path.GetFileName(log)}"] = await ReadShared(log);
        }
        foreach (var (queue, messages) in await Broker.Everything(city.RabbitMq))
            places[$"queue {queue}"] = messages;
        places.Keys.Count(place => place.StartsWith("queue", StringComparison.Ordinal)).Should().BeGreaterThan(10);
        return [.. from place in places
            from word in Personal
            where place.Value.Contains(word, StringComparison.Ordinal)
            select $"{place.Key}: {word}"];
    }

    private static async Task<string> ReadShared(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private async Task<string?> MaskedInPayments()
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(city.Databases["Payments"]);
        await using var command = source.CreateCommand(
            $"select masked_name from account where account_no = '{Account}'");
        return (string?)await command.ExecuteScalarAsync();
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.As("officer");
        request.Headers.Add("Reason", Uri.EscapeDataString("工单 77"));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await city.Services["Customer"].Http.SendAsync(request);
    }
}

using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Billing.Contracts;
using Billing.Contracts.Customer;
using Billing.Platform;
using Billing.Testing;
using FluentAssertions;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Billing.Tools.Tests;

public sealed partial class TourTests
{
    /// <summary>
    /// The tour pays like a bank, on the day that runs, after the demonstration has sent its files: its requests, as
    /// they stand in the README, are answered as the README says.
    /// </summary>
    [Theory, InlineData("README.md"), InlineData("README.zh-CN.md")]
    public async Task The_tour_pays_after_the_files_of_the_demonstration(string readme)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Backend.Root, readme));
        var requests = Payments().Matches(text).Select(match => match.Groups).ToList();
        requests.Should().NotBeEmpty();
        await using var payments = await Running.Start(Billing.Payments.Program.Build);
        await Know(payments, JsonDocument.Parse(requests[0]["body"].Value).RootElement.GetProperty("account"));
        await SendTheFilesOfTheDemonstration(payments);

        var answers = new List<(int Status, JsonElement Body)>();
        foreach (var request in requests)
            answers.Add(await Put(payments, PathOf(request), request["body"].Value));
        answers[0].Status.Should().Be(201, $"{readme} says so: {answers[0].Body}");
        foreach (var (status, body) in answers.Skip(1))
        {
            status.Should().Be(409);
            var code = body.GetProperty("code").GetString();
            Refusals().Matches(text).Select(match => match.Groups[1].Value).Should().Contain(code);
        }
        var (again, _) = await Put(payments, PathOf(requests[0]), requests[0]["body"].Value);
        again.Should().Be(200, "the same request gets the first answer again");
    }

    /// <summary>Every file that the demonstration sends must be taken, for its bank days are over.</summary>
    private static async Task SendTheFilesOfTheDemonstration(Running payments)
    {
        Demo.FiledDaysAgo.Should().NotBeEmpty();
        foreach (var partner in DemoPartners.All)
        {
            using var saved = await payments.Http.Agree(HttpMethod.Put, $"/partners/{partner.Code}", partner.Terms);
            saved.IsSuccessStatusCode.Should().BeTrue();
            foreach (var daysAgo in Demo.FiledDaysAgo)
            {
                var day = partner.Day(daysAgo).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
                using var file = new StringContent("0|0.00\n", Encoding.UTF8, "text/plain");
                using var taken = await payments.Http.PostAsync(
                    new Uri($"/partners/{partner.Code}/days/{day}/reconciliation", UriKind.Relative), file);
                ((int)taken.StatusCode).Should().Be(
                    201, $"{partner.Code} {day}: {await taken.Content.ReadAsStringAsync()}");
            }
        }
    }

    /// <summary>The path under which tests send as a partner.</summary>
    private static string PathOf(GroupCollection request) => $"/partners/{request["partner"]}{request["path"]}";

    private static async Task Know(Running payments, JsonElement account)
    {
        var changed = new AccountChanged(
            AccountNo.Parse(account.GetString()!), CustomerNo.Parse("C10000001"), "张*",
            Region.Parse("海淀区"), Project.Parse("阳光花园"), CustomerClass.Residential, null, null,
            new(2020, 1, 1), new(Guid.Empty, 1, 1, DateTimeOffset.UnixEpoch));
        await payments.App.Services.GetRequiredService<IBus>().Publish(new AccountsChanged([changed]));
        await Eventually.Is(
            1L,
            async () =>
            {
                await using var command = payments.Source.CreateCommand("select count(*) from account");
                return (long)(await command.ExecuteScalarAsync())!;
            },
            "the number of accounts known");
    }

    private static async Task<(int Status, JsonElement Body)> Put(Running payments, string path, string body)
    {
        // $day is what the tour's shell makes of it: the bank day that runs for whoever cuts at midnight.
        var day = TimeProvider.System.Today().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        using var content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        using var answer = await payments.Http.PutAsync(
            new Uri(path.Replace("$day", day, StringComparison.Ordinal), UriKind.Relative), content);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    [GeneratedRegex("""\./billing partner (?<partner>\w+) PUT /partner/v1(?<path>\S+) '(?<body>[^']+)'""")]
    private static partial Regex Payments();

    [GeneratedRegex("\"code\":\"([a-z-]+)\"")]
    private static partial Regex Refusals();
}

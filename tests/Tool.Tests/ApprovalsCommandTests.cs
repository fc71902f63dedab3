using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Billing.Testing;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>What waits for a second person, decided at a terminal: the tool as a process, on real services.</summary>
public sealed partial class ApprovalsCommandTests : IAsyncLifetime, IDisposable
{
    private readonly Folder _folder = new();
    private readonly Dictionary<string, Running> _services = [];

    public async Task InitializeAsync()
    {
        _services["TARIFF"] = await Running.Start(Billing.Tariffs.Program.Build);
        _services["INVOICING"] = await Running.Start(Billing.Invoicing.Program.Build);
        _services["PAYMENTS"] = await Running.Start(Billing.Payments.Program.Build);
        SignIn("operator", "operator");
        SignIn("approver", "approver");
    }

    [Fact]
    public async Task What_waits_is_listed_shown_and_decided_as_it_was_seen()
    {
        (await Call("approvals")).Output.Should().Contain("nothing waits");
        var terms = new { name = "城商行", channel = "Bank", amountRule = "ANY", dayCut = "23:00:00" };
        using (var asked = await _services["PAYMENTS"].Http.As("user:li", HttpMethod.Put, "/partners/city", terms))
            asked.StatusCode.Should().Be(HttpStatusCode.Accepted);

        var (code, list) = await Call("approvals");
        code.Should().Be(0, list);
        list.Should().MatchRegex("save-partner +city +user:li");
        var shown = (await Call("approvals", "show", "save-partner", "city")).Output;
        shown.Should().Contain("城商行").And.Contain("becomes").And.Contain("proposed by user:li");
        var seen = Seen().Match(shown).Groups[1].Value;

        var other = await Call("approvals", "approve", "save-partner", "city", "--seen", new string('0', 64));
        other.Code.Should().Be(1);
        other.Output.Should().Contain("proposal-");
        (await Call("approvals", "approve", "save-partner", "city", "--seen", seen))
            .Should().Be((0, "save-partner city: approved by user:approver\n"));
        (await _services["PAYMENTS"].Http.GetStringAsync("/partners/city")).Should().Contain("城商行");
        (await Call("approvals")).Output.Should().Contain("nothing waits");
        var gone = await Call("approvals", "show", "save-partner", "nobody");
        gone.Code.Should().Be(1);
        gone.Output.Should().Contain("There is no proposal");
    }

    [Fact]
    public async Task Whoever_signed_in_proposes_is_told_who_decides_and_decides_nothing_of_it()
    {
        var plans = Directory.CreateDirectory(Path.Combine(_folder.Path, "plans")).FullName;
        const string plan = "beijing-residential-heat";
        File.Copy(Path.Combine(Backend.Root, $"tools/plans/{plan}.json"), Path.Combine(plans, $"{plan}.json"));
        SignIn("me", "wang");

        var (code, told) = await Call("import", "plans", plans);
        code.Should().Be(0, told);
        told.Should().Contain("1 price plans drafted and checked, 0 published")
            .And.Contain("./billing approvals show publish-plan");
        var key = Key().Match(told).Groups[1].Value;
        var seen = Seen().Match((await Call("approvals", "show", "publish-plan", key)).Output).Groups[1].Value;
        var own = await Call("approvals", "approve", "publish-plan", key, "--seen", seen);
        own.Code.Should().Be(1);
        own.Output.Should().Contain("proposal-same-person");

        SignIn("me", "zhang");
        var rejected = await Call("approvals", "reject", "publish-plan", key, "--seen", seen, "--reason", "价格不对");
        rejected.Should().Be((0, $"publish-plan {key}: rejected by user:zhang\n"));
        (await Call("approvals", "show", "publish-plan", key)).Output.Should().Contain("价格不对");
    }

    public async Task DisposeAsync()
    {
        foreach (var service in _services.Values)
            await service.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    private void SignIn(string session, string user)
    {
        var sessions = Directory.CreateDirectory(Path.Combine(_folder.Path, "sessions")).FullName;
        File.WriteAllText(Path.Combine(sessions, $"{session}.json"), JsonSerializer.Serialize(new
        {
            accessToken = TestTokens.Of(user), until = TimeProvider.System.GetUtcNow().AddDays(1),
        }));
    }

    private async Task<(int Code, string Output)> Call(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var service in new[] { "CUSTOMER", "TARIFF", "INVOICING", "PAYMENTS", "COLLECTIONS" })
        {
            start.Environment[$"BILLING_{service}_URL"] = _services.TryGetValue(service, out var running)
                ? $"{running.Http.BaseAddress}"
                : "http://127.0.0.1:9/";
        }
        start.Environment["BILLING_IDENTITY_URL"] = "http://127.0.0.1:9/";
        start.Environment["BILLING_SESSIONS"] = Path.Combine(_folder.Path, "sessions");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    [GeneratedRegex("--seen ([0-9a-f]{64})")]
    private static partial Regex Seen();

    [GeneratedRegex("approvals show publish-plan (\\S+)")]
    private static partial Regex Key();
}

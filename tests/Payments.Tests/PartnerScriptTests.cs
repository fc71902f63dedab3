using System.Diagnostics;
using Billing.Testing;

namespace Billing.Payments.Tests;

/// <summary>The scripts that partners are given work as they stand.</summary>
public sealed class PartnerScriptTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    [Theory]
    [InlineData("partner.sh", "{\"payment\":", "\"code\":\"account-unknown\"")]
    [InlineData("partner.py", "201 {\"payment\":", "404 account-unknown:")]
    public async Task A_script_queries_pays_and_tells_why_it_was_refused(string script, string receipt, string refusal)
    {
        var account = await payments.Account(100_00);
        var serial = script.Replace('.', '-');

        (await Run(script, "GET", $"/partner/v1/bills/{account}")).Should().Contain("10000");
        (await Run(
            script, "PUT", $"/partner/v1/payments/{PaymentsService.Day()}/{serial}",
            $$$"""{"account":"{{{account}}}","amount":{"fen":6000}}""")).Replace(" ", "", default)
            .Should().StartWith(receipt.Replace(" ", "", default));
        (await Run(script, "GET", "/partner/v1/bills/9999999999")).Should().Contain(refusal);
        (await payments.Scalar<long>($"select amount_fen from payment where serial = '{serial}'")).Should().Be(60_00);
    }

    private async Task<string> Run(string script, params string[] arguments)
    {
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, AsPartner.SecretOf("icbc") + "\n");
        using var process = Process.Start(new ProcessStartInfo(
            Path.Combine(Backend.Root, "docs/partners", script), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["PARTNERS"] = payments.Running.Partners!.ToString().TrimEnd('/'), ["KEY_ID"] = "icbc.tests",
                ["SECRET_FILE"] = secret,
            },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        File.Delete(secret);
        return output;
    }
}

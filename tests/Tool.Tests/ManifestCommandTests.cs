using System.Security.Cryptography;
using Billing.Contracts;
using Billing.Invoicing;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>The command line that verifies a run, as an auditor uses it: two files and a key from elsewhere.</summary>
public sealed class ManifestCommandTests : IDisposable
{
    private const string Line =
        "E202510-00000001,1000000001,Electricity,2025-10,Residential,beijing,1,11719,10371,1348";
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Key => Path.Combine(_folder["keys"], "manifest.pem");

    private string PublicKey => Path.Combine(_folder["keys"], "manifest.public.pem");

    private string ManifestFile => _folder["run-1.manifest.json"];

    private static Task<int> Tool(params string[] arguments) => Program.Main(["run", .. arguments]);

    private static Task<int> Keys(string folder) => Program.Main(["keys", folder]);

    private async Task Seal(string line, string? other = null)
    {
        if (!File.Exists(Key))
            (await Keys(_folder["keys"])).Should().Be(0);
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(other ?? Key));
        using var sums = new ManifestSums();
        sums.Add(line + "\n");
        var manifest = new Contracts.Api.Manifest(
            RunName.Parse("run-1"), Utility.Electricity, BillingPeriod.Parse("2025-10"), new(2025, 11, 1),
            new(2025, 11, 20), 1, 1, 0, 0, "E202510-00000001", "E202510-00000001", sums.Amount,
            sums.Net, sums.Tax, sums.Totals(), [], sums.Hash(), "", "").Seal(key);
        await File.WriteAllTextAsync(ManifestFile, manifest.ToJson());
        await File.WriteAllTextAsync(_folder["run-1.lines.csv"], line + "\n");
    }

    private async Task<string> AnotherKey()
    {
        (await Keys(_folder["others"])).Should().Be(0);
        return Path.Combine(_folder["others"], "manifest.pem");
    }

    [Fact]
    public async Task What_was_sealed_holds_against_the_key_that_the_caller_names()
    {
        await Seal(Line);
        (await Tool("verify", ManifestFile, "--key", PublicKey)).Should().Be(0);
        (await Tool("verify", ManifestFile, _folder["run-1.lines.csv"], "--key", PublicKey)).Should().Be(0);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_verified()
    {
        await Seal(Line);
        (await Tool("verify", ManifestFile)).Should().NotBe(0);
        (await Tool("verify", ManifestFile, "--key", _folder["none.pem"])).Should().NotBe(0);
        (await Tool("verify", ManifestFile, "--key", ManifestFile)).Should().NotBe(0);
    }

    [Fact]
    public async Task A_bill_lowered_by_10_yuan_and_sealed_again_with_another_key_is_refused()
    {
        await Seal(Line);
        var other = await AnotherKey();
        await Seal(Line.Replace("11719,10371,1348", "10719,9486,1233", StringComparison.Ordinal), other);
        (await Tool("verify", ManifestFile, "--key", PublicKey)).Should().Be(1);
    }

    [Fact]
    public async Task A_seal_that_was_made_later_holds_and_is_told()
    {
        await Seal(Line);
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Key));
        var early = ManifestSeal.Parse(await File.ReadAllBytesAsync(ManifestFile));
        (await Told()).Should().Be((0, false));

        var later = early with { SealedLater = new(new(2026, 11, 28), "li", "旧批次") };
        await File.WriteAllTextAsync(ManifestFile, later.Seal(key).ToJson());
        (await Told()).Should().Be((0, true));

        async Task<(int, bool)> Told()
        {
            var before = Console.Out;
            using var output = new StringWriter();
            try
            {
                Console.SetOut(output);
                var code = await Tool("verify", ManifestFile, "--key", PublicKey);
                return (code, output.ToString().Contains("on 2026-11-28 by li", StringComparison.Ordinal));
            }
            finally
            {
                Console.SetOut(before);
            }
        }
    }

    [Theory]
    [InlineData("run-1.manifest.json", "\"cohort\":1", "\"cohort\":2"), InlineData("run-1.manifest.json", "{", "{ ")]
    [InlineData("run-1.lines.csv", "11719", "10719"), InlineData("run-1.lines.csv", "\n", "\r\n")]
    [InlineData("run-1.lines.csv", "\n", ""), InlineData("run-1.manifest.json", "{", "")]
    public async Task Any_change_of_a_file_is_refused(string file, string was, string becomes)
    {
        await Seal(Line);
        var text = await File.ReadAllTextAsync(_folder[file]);
        await File.WriteAllTextAsync(_folder[file], text.Replace(was, becomes, StringComparison.Ordinal));
        (await Tool("verify", ManifestFile, "--key", PublicKey)).Should().NotBe(0);
    }

    [Fact]
    public async Task A_key_is_made_once_and_its_private_half_is_its_owners_alone()
    {
        await Seal(Line);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Key).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await File.ReadAllTextAsync(PublicKey)).Should().StartWith("-----BEGIN PUBLIC KEY-----");
        var before = await File.ReadAllTextAsync(Key);
        (await Keys(_folder["keys"])).Should().Be(0);
        (await File.ReadAllTextAsync(Key)).Should().Be(before, "what is there stays");
    }
}

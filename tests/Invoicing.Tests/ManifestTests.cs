using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Billing.Contracts.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Billing.Invoicing.Tests;

public sealed class ManifestTests : IDisposable
{
    private static readonly string[] Lines =
    [
        "E202510-00000001,1000000001,Electricity,2025-10,Residential,beijing,1,11719,10371,1348",
        "E202510-00000002,1000000002,Electricity,2025-10,Commercial,tou,2,10000,8850,1150",
        "E202510-00000003,1000000003,Electricity,2025-10,Residential,beijing,1,11773,10419,1354",
    ];

    private readonly ECDsa _ours = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _another = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _ours.Dispose();
        _another.Dispose();
    }

    private static Manifest Sealed(ECDsa key, params string[] lines)
    {
        using var sums = new ManifestSums();
        foreach (var line in lines.Length > 0 ? lines : Lines)
            sums.Add(line + "\n");
        return new Manifest(
            RunName.Parse("run-1"), Utility.Electricity, Facts.October, Facts.Day("2025-11-01"),
            Facts.Day("2025-11-20"), 6, 3, 2, 1,
            "E202510-00000001", "E202510-00000003", sums.Amount, sums.Net, sums.Tax, sums.Totals(),
            [new("reading-missing", RunExceptionState.Open, 2),
            new("excluded-by-person", RunExceptionState.Excluded, 1)], sums.Hash(), "",
            "").Seal(key);
    }

    private static MemoryStream File(params string[] lines) =>
        new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    [Fact]
    public void A_manifest_holds_as_it_was_sealed_and_after_a_file()
    {
        var manifest = Sealed(_ours);
        manifest.Verify(File(Lines), _ours).Should().BeEmpty();
        foreach (var end in new[] { "", "\n" })
        {
            ManifestSeal.Parse(Encoding.UTF8.GetBytes(manifest.ToJson() + end)).Verify(File(Lines), _ours)
                .Should().BeEmpty();
        }
    }

    [Fact]
    public void A_later_seal_says_so_and_cannot_be_made_to_look_like_an_early_one()
    {
        var later = (Sealed(_ours) with { SealedLater = new(Facts.Day("2026-11-28"), "li", "旧批次") }).Seal(_ours);
        var read = ManifestSeal.Parse(Encoding.UTF8.GetBytes(later.ToJson()));
        read.Verify(File(Lines), _ours).Should().BeEmpty();
        read.SealedLater.Should().Be(later.SealedLater);
        (later with { SealedLater = null }).Verify(File(Lines), _ours).Should()
            .Contain("the seal is not that of the key that you trust");
        Sealed(_ours).ToJson().Should().NotContain("sealedLater", "earlier manifests stay as they were sealed");
    }

    [Fact]
    public void The_public_half_of_the_key_is_enough()
    {
        using var known = ECDsa.Create();
        known.ImportFromPem(_ours.ExportSubjectPublicKeyInfoPem());
        Sealed(_ours).Verify(File(Lines), known).Should().BeEmpty();
    }

    [Fact]
    public void A_bill_lowered_by_10_yuan_and_sealed_with_another_key_is_noticed()
    {
        string[] lowered =
            [Lines[0].Replace("11719,10371,1348", "10719,9486,1233", StringComparison.Ordinal), .. Lines[1..]];
        Sealed(_another, lowered).Verify(File(lowered), _another).Should().BeEmpty("it agrees with itself");
        Sealed(_another, lowered).Verify(File(lowered), _ours).Should().Equal(
            "it was not sealed with the key that you trust", "the seal is not that of the key that you trust");
        (Sealed(_another, lowered) with { KeyFingerprint = ManifestSeal.Fingerprint(_ours) })
            .Verify(File(lowered), _ours)
            .Should().Equal("the seal is not that of the key that you trust");
    }

    [Fact]
    public void The_totals_are_by_plan_and_class() => Sealed(_ours).Totals.Should().Equal(
        new ManifestTotal("beijing", 1, "Residential", 2, new(234_92), new(207_90), new(27_02)),
        new ManifestTotal("tou", 2, "Commercial", 1, new(100_00), new(88_50), new(11_50)));

    [Fact]
    public void One_fen_is_noticed() => Sealed(_ours)
        .Verify(File([Lines[0].Replace("11719", "11718", StringComparison.Ordinal), .. Lines[1..]]), _ours)
        .Should().Contain(
            ["the lines are not those that were sealed", "the lines add up to 334.91, not 334.92"]);

    [Fact]
    public void A_missing_line_is_noticed() => Sealed(_ours).Verify(File(Lines[0], Lines[2]), _ours).Should().Contain(
        ["there are 2 lines, not 3", "an invoice number is missing or out of order"]);

    [Theory, InlineData("\r\n", "\n"), InlineData("\n", ""), InlineData("\n", "\n\n"), InlineData("\u00a0\n", "\n")]
    public void Every_byte_of_the_lines_is_sealed(string lineEnd, string fileEnd)
    {
        var text = string.Join(lineEnd, Lines) + fileEnd;
        Sealed(_ours).Verify(new MemoryStream(Encoding.UTF8.GetBytes(text)), _ours)
            .Should().Contain("the lines are not those that were sealed");
    }

    public static TheoryData<Func<Manifest, Manifest>> Forgeries =>
    [
        manifest => manifest with { Cohort = 7, Excepted = 3 },
        manifest => manifest with { DueOn = manifest.DueOn.AddDays(1) },
        manifest => manifest with { Signature = Convert.ToBase64String(new byte[64]) },
        manifest => manifest with { Signature = "?" },
    ];

    [Theory, MemberData(nameof(Forgeries))]
    public void A_changed_manifest_is_noticed(Func<Manifest, Manifest> forge) => forge(Sealed(_ours))
        .Verify(File(Lines), _ours).Should().Equal("the seal is not that of the key that you trust");

    [Theory]
    [InlineData("{\"run\"", "{\"note\":\"paid\",\"run\""), InlineData("{\"run\"", "{\"run\":\"run-2\",\"run\"")]
    [InlineData("{\"run\"", "{ \"run\""), InlineData("\"cohort\":6", "\"cohort\":06")]
    [InlineData("\"dueOn\"", "\"DueOn\"")]
    public void A_file_with_more_than_was_sealed_is_no_manifest(string was, string becomes)
    {
        var file = Sealed(_ours).ToJson().Replace(was, becomes, StringComparison.Ordinal);
        var parse = () => ManifestSeal.Parse(Encoding.UTF8.GetBytes(file));
        parse.Should().Throw<JsonException>();
    }

    [Fact]
    public void A_cohort_that_does_not_add_up_is_noticed() => (Sealed(_ours) with { Cohort = 7 })
        .Verify(File(Lines), _ours).Should().Contain("cohort is not issued + excepted + excluded");
}

public sealed class ConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("billing-key-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IConfiguration With(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

    [Fact]
    public void The_key_that_seals_is_a_private_key_of_P_256_in_a_file()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var other = RSA.Create(2048);
        Checked(Saved(key.ExportPkcs8PrivateKeyPem())).Succeeded.Should().BeTrue();
        foreach (var wrong in new[]
        {
            "", "?", Path.Combine(_folder, "none.pem"), Saved("?"), Saved(key.ExportSubjectPublicKeyInfoPem()),
            Saved(larger.ExportPkcs8PrivateKeyPem()), Saved(other.ExportPkcs8PrivateKeyPem()),
        })
        {
            Checked(wrong).Failures.Should().ContainSingle().Which.Should().StartWith(SealingKey.Setting);
        }

        static ValidateOptionsResult Checked(string file) =>
            new ManifestOptionsCheck().Validate(null, new() { Key = file });
    }

    [Theory, InlineData("", false), InlineData("all", false), InlineData("worker", true)]
    public void A_process_does_everything_or_works_on_chunks(string role, bool worker) =>
        Roles.From(With("Billing:Role", role)).Should().Be(worker ? Role.Worker : Role.All);

    [Fact]
    public void There_is_no_other_role()
    {
        var read = () => Roles.From(With("Billing:Role", "boss"));
        read.Should().Throw<OptionsValidationException>();
    }

    private string Saved(string text)
    {
        var file = Path.Combine(_folder, $"{text.GetHashCode(StringComparison.Ordinal)}.pem");
        File.WriteAllText(file, text);
        return file;
    }
}

using System.Security.Cryptography;

namespace Billing.Invoicing.Tests;

public sealed class ManifestTests
{
    private static readonly string[] Lines =
    [
        "E202510-00000001,1000000001,Electricity,2025-10,Residential,beijing,1,11719,10371,1348",
        "E202510-00000002,1000000002,Electricity,2025-10,Commercial,tou,2,10000,8850,1150",
        "E202510-00000003,1000000003,Electricity,2025-10,Residential,beijing,1,11773,10419,1354",
    ];

    private static Manifest Sealed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var sums = new ManifestSums();
        foreach (var line in Lines)
            sums.Add(line);
        return new Manifest(
            "run-1", Utility.Electricity, Facts.October, Facts.Day("2025-11-01"), Facts.Day("2025-11-20"), 6, 3, 2, 1,
            "E202510-00000001", "E202510-00000003", sums.Amount, sums.Net, sums.Tax, sums.Totals(),
            [new("reading-missing", "open", 2), new("excluded-by-person", "excluded", 1)], sums.Hash(), "",
            "").Seal(key);
    }

    [Fact]
    public void A_manifest_holds_as_it_was_sealed_and_after_a_file()
    {
        var manifest = Sealed();
        manifest.Verify(Lines, manifest.PublicKey).Should().BeEmpty();
        Manifest.Parse(System.Text.Json.JsonSerializer.Serialize(manifest, Wire.Stored)).Verify(Lines).Should()
            .BeEmpty();
    }

    [Fact]
    public void The_totals_are_by_plan_and_class() => Sealed().Totals.Should().Equal(
        new ManifestTotal("beijing", 1, "Residential", 2, new(234_92), new(207_90), new(27_02)),
        new ManifestTotal("tou", 2, "Commercial", 1, new(100_00), new(88_50), new(11_50)));

    [Fact]
    public void One_fen_is_noticed() =>
        Sealed().Verify([Lines[0].Replace("11719", "11718", StringComparison.Ordinal), .. Lines[1..]]).Should().Contain(
            ["the lines are not those that were sealed", "the lines add up to 334.91, not 334.92"]);

    [Fact]
    public void A_missing_line_is_noticed() => Sealed().Verify([Lines[0], Lines[2]]).Should().Contain(
        ["there are 2 lines, not 3", "an invoice number is missing or out of order"]);

    public static TheoryData<Func<Manifest, Manifest>> Forgeries =>
    [
        manifest => manifest with { Cohort = 7, Excepted = 3 },
        manifest => manifest with { DueOn = manifest.DueOn.AddDays(1) },
        manifest => manifest with { Signature = Convert.ToBase64String(new byte[64]) },
        manifest => manifest with { Signature = "?" },
    ];

    [Theory, MemberData(nameof(Forgeries))]
    public void A_changed_manifest_is_noticed(Func<Manifest, Manifest> forge) =>
        forge(Sealed()).Verify(Lines).Should().Equal("the signature does not fit the manifest");

    [Fact]
    public void A_manifest_sealed_anew_is_not_trusted() =>
        Sealed().Verify(Lines, Sealed().PublicKey).Should().Equal("the key is not the trusted one");

    [Fact]
    public void A_cohort_that_does_not_add_up_is_noticed() =>
        (Sealed() with { Cohort = 7 }).Verify(Lines).Should().Contain("cohort is not issued + excepted + excluded");
}

public sealed class ConfigurationTests
{
    private static Microsoft.Extensions.Configuration.IConfiguration With(string key, string value) =>
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(
            new Microsoft.Extensions.Configuration.ConfigurationBuilder(), [new(key, value)]).Build();

    [Fact]
    public void A_key_is_a_private_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        RunManifest.CheckKey(With("Billing:ManifestKey", ""));
        RunManifest.CheckKey(With("Billing:ManifestKey", key.ExportPkcs8PrivateKeyPem()));
        foreach (var wrong in new[] { "?", key.ExportSubjectPublicKeyInfoPem() })
        {
            var check = () => RunManifest.CheckKey(With("Billing:ManifestKey", wrong));
            check.Should().Throw<InvalidConfigurationException>();
        }
    }

    [Theory, InlineData("", false), InlineData("all", false), InlineData("worker", true)]
    public void A_process_does_everything_or_works_on_chunks(string role, bool worker) =>
        Role.IsWorker(With("Billing:Role", role)).Should().Be(worker);

    [Fact]
    public void There_is_no_other_role()
    {
        var read = () => Role.IsWorker(With("Billing:Role", "boss"));
        read.Should().Throw<InvalidConfigurationException>();
    }
}

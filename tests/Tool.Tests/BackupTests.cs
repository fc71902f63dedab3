using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>Which backups are refused, and in which words.</summary>
public sealed class BackupTests : IDisposable
{
    private static readonly DateTimeOffset Instant = new(2026, 11, 27, 18, 30, 5, TimeSpan.Zero);

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_backup_says_again_what_was_written()
    {
        Whole.Write(_folder.Path);

        var read = BackupManifest.Read(_folder.Path);

        read.Should().BeEquivalentTo(Whole);
        read.Invoking(manifest => manifest.MustFit(17, ServiceModel.All)).Should().NotThrow();
        Whole.Invoking(manifest => manifest.Write(_folder.Path)).Should().Throw<IOException>("it is written once");
    }

    [Fact]
    public void Half_a_backup_is_refused()
    {
        Directory.CreateDirectory(_folder["20261127T183005Z/data"]);
        Refusal(_folder["20261127T183005Z"]).Should().Contain("half a backup");

        var partial = _folder["20261127T183006Z.partial"];
        Directory.CreateDirectory(partial);
        Whole.Write(partial);
        Refusal(partial).Should().Contain("half a backup");
    }

    [Fact]
    public void A_folder_without_a_backup_names_those_in_it()
    {
        Refusal(_folder["nowhere"]).Should().Be($"There is no folder {_folder["nowhere"]}.");
        Refusal(_folder.Path).Should().Be($"{_folder.Path} holds no backup.");

        Directory.CreateDirectory(_folder["20261127T183005Z"]);
        Whole.Write(_folder["20261127T183005Z"]);
        Refusal(_folder.Path).Should().EndWith("These in it are: 20261127T183005Z.");
    }

    [Theory, InlineData("{"), InlineData("""{"format":2}"""), InlineData("null")]
    public void A_manifest_that_cannot_be_read_is_refused(string text)
    {
        File.WriteAllText(_folder["backup.json"], text);

        Refusal(_folder.Path).Should().StartWith(_folder["backup.json"]);
    }

    [Fact]
    public void A_backup_of_another_server_or_program_is_refused()
    {
        Refusal(Whole, 16).Should().Contain("PostgreSQL 17").And.Contain("runs 16");
        var services = Whole.Services.ToDictionary(entry => entry.Key, entry => entry.Value);
        services.Remove("tariff");
        Refusal(Whole with { Services = services }, 17).Should().Contain("other services");
        services["tariff"] = new(["tariff/0099-of-later"], 1, 1, 1);
        Refusal(Whole with { Services = services }, 17).Should().Contain("newer").And.Contain("tariff/0099-of-later");
    }

    [Fact]
    public void One_service_of_a_course_of_things_that_a_restore_has_ended_is_refused()
    {
        Action From(DateTimeOffset backup) => () => RestoreLog.MustGoOnFrom(_folder.Path, backup);
        var (instant, now) = (TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow());
        From(now)();
        RestoreLog.Keep(_folder.Path, instant);

        From(instant.AddSeconds(1)).Should().Throw<Failure>()
            .WithMessage($"*everything was restored to {RestoredTime.Text(instant)}*");
        From(instant).Should().NotThrow();
        From(now.AddMinutes(1)).Should().NotThrow();
    }

    [Fact]
    public void One_service_of_another_company_is_refused()
    {
        var mix = () => BackupManifest.MustBeOf("7012", "7013", "south");

        mix.Should().Throw<Failure>().WithMessage("*another server, that of 'south'*7012*7013*restore all*");
        BackupManifest.MustBeOf("7013", "7013", "south");
    }

    [Fact]
    public void Times_are_told_in_the_time_of_the_company() =>
        RestoredTime.Text(Instant).Should().Be("2026-11-28 02:30:05 China time");

    [Fact]
    public void A_service_hears_whose_messages_become_its_rows()
    {
        string[] Hear(string publisher) => [.. ServiceModel.All
            .Where(service => service.ConsumesFrom(ServiceModel.All.Single(
            other => other.Name == publisher))).Select(service => service.Name)];

        Hear("payments").Should().Equal("collections", "customer", "invoicing");
        Hear("tariff").Should().Equal("customer", "invoicing");
        Hear("collections").Should().Equal("customer");
        Hear("invoicing").Should().Equal(["collections", "customer"], "in Payments they become events");
        Hear("customer").Should().Equal("invoicing", "payments");
    }

    [Fact]
    public void Whatever_becomes_an_event_of_another_service_is_looked_for_before_one_is_restored_alone()
    {
        var kept = ServiceModel.All.SelectMany(service => service.Assembly!.GetTypes()
            .Where(type => type.BaseType is { IsGenericType: true } parent
                && parent.GetGenericTypeDefinition() == typeof(Platform.BulkConsumer<>))
            .Select(type => (
                Publisher: ServiceModel.All.Single(other =>
                    other.Outbound?.Publishes(type.BaseType!.GenericTypeArguments[0]) == true).Name,
                Receiver: service.Name)));

        kept.Should().BeEquivalentTo(KeptFacts.All.Select(facts => (facts.Publisher, facts.Receiver)));
    }

    private static BackupManifest Whole { get; } = new(
        1, "dev", Instant.AddSeconds(-20), Instant, 17,
        ServiceModel.All.ToDictionary(
            service => service.Name,
            service => new BackedUpService(["platform/0001-inbox-keys-and-readiness"], 12, 12, 10)));

    private static string Refusal(string folder) =>
        FluentActions.Invoking(() => BackupManifest.Read(folder)).Should().Throw<Failure>().Which.Message;

    private static string Refusal(BackupManifest manifest, int postgres) => manifest
        .Invoking(one => one.MustFit(postgres, ServiceModel.All)).Should().Throw<Failure>().Which.Message;
}

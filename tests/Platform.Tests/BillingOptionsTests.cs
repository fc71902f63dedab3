using Billing.Testing;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Billing.Platform.Tests;

/// <summary>A wrong setting is said when a service starts, by its name and what it should be.</summary>
public sealed class BillingOptionsTests
{
    private const string Postgres = "--Billing:Postgres=Host=127.0.0.1;Port=1";
    private const string Broker = "--Billing:RabbitMq=amqp://127.0.0.1:1/";

    [Fact]
    public void The_file_of_settings_has_them_at_their_defaults()
    {
        SettingsFile.HasTheDefaultsOf<BillingOptions>(BillingOptions.Section);
        SettingsFile.HasTheDefaultsOf<TokenOptions>(TokenOptions.Section);
    }

    [Theory]
    [InlineData("--Billing:Postgres=", "Billing:Postgres is not set*Host=*Billing__Postgres*")]
    [InlineData("--Billing:Postgres=Nonsense=1", "Billing:Postgres is not a connection string*")]
    [InlineData("--Billing:RabbitMq=", "Billing:RabbitMq is not set*amqp://*Billing__RabbitMq*")]
    [InlineData("--Billing:RabbitMq=http://127.0.0.1/", "Billing:RabbitMq is not an address like amqp://*")]
    [InlineData("--Billing:KeepDays=6", "Billing:KeepDays is not a number of days, at least 7*Billing__KeepDays*")]
    [InlineData("--Billing:KeepDays=many", "*'many'*Billing:KeepDays*")]
    [InlineData("--Billing:MigrateAtStart=perhaps", "*'perhaps'*Billing:MigrateAtStart*")]
    [InlineData("--Billing:SecretsFolder=/no/such", "Billing:SecretsFolder: there is no folder /no/such.")]
    [InlineData("--Billing:Tokens:Issuer=", "Billing:Tokens:Issuer is not set*Billing__Tokens__Issuer*")]
    [InlineData("--Billing:Tokens:Type=jwt", "Billing:Tokens:Type is at+jwt or JWT.")]
    public async Task What_is_wrong_is_said_by_its_name(string setting, string complaint)
    {
        var start = async () =>
        {
            await using var app = Build([Postgres, Broker, .. TestTokens.Settings, setting]);
            await app.StartAsync();
        };

        (await start.Should().ThrowAsync<OptionsValidationException>())
            .Which.Failures.Should().ContainSingle().Which.Should().Match(complaint);
    }

    [Fact]
    public async Task A_secret_is_read_from_a_file_named_after_its_setting()
    {
        var folder = Directory.CreateTempSubdirectory("billing-secrets-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Billing__RabbitMq"), "amqp://from.file:1/\n");

        await using var app = Build([Postgres, Broker, $"--Billing:SecretsFolder={folder.FullName}"]);

        app.Services.GetRequiredService<IOptions<BillingOptions>>().Value.RabbitMq.Should().Be("amqp://from.file:1/");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_process_that_cannot_start_ends_with_the_code_for_it() =>
        (await Hosted.Run(Build, [Postgres])).Should().Be(78);

    private static WebApplication Build(string[] arguments) => BillingService.Create(
        ["--urls=http://127.0.0.1:0", .. arguments], "wrong", typeof(BillingOptionsTests).Assembly).Build();
}

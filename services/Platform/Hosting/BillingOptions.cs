using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Platform;

/// <summary>The settings common to all services, from the section <c>Billing</c>.</summary>
public sealed class BillingOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing";

    /// <summary>Npgsql connection string of the service's own database.</summary>
    public string Postgres { get; set; } = "";

    /// <summary>AMQP address of the broker.</summary>
    public string RabbitMq { get; set; } = "";

    /// <summary>
    /// A folder of files, each named after a setting, such as <c>Billing__Postgres</c>, with its value: for secrets, as
    /// container engines hand them out. They come before the environment. Empty for none.
    /// </summary>
    public string SecretsFolder { get; set; } = "";

    /// <summary>Whether the service migrates its schema at start, as its owner: for development.</summary>
    public bool MigrateAtStart { get; set; }

    /// <summary>For how many days inbox and idempotency keys are kept, at least 7.</summary>
    public int KeepDays { get; set; } = 35;

    /// <summary>The broker's address; valid after the options were checked.</summary>
    internal Uri Broker => new(RabbitMq);
}

/// <summary>Names each setting that is missing or wrong, and the form that is expected.</summary>
internal sealed class BillingOptionsCheck : IValidateOptions<BillingOptions>
{
    private const int FewestDaysKept = 7;
    private const string Database = "Host=…;Database=…;Username=…;Password=…";
    private const string Broker = "amqp://user:password@host:port/";

    public ValidateOptionsResult Validate(string? name, BillingOptions options)
    {
        var wrong = new[]
        {
            options.Postgres.Length == 0 ? NotSet(nameof(options.Postgres), Database) : NoConnection(options.Postgres),
            options.RabbitMq.Length == 0 ? NotSet(nameof(options.RabbitMq), Broker)
                : Uri.TryCreate(options.RabbitMq, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps"
                    ? null : $"{Key(nameof(options.RabbitMq))} is not an address like {Broker}",
            options.KeepDays >= FewestDaysKept ? null
                : $"{Key(nameof(options.KeepDays))} is not a number of days, at least {FewestDaysKept} " +
                $"(environment variable {CheckedOptions.VariableOf(Key(nameof(options.KeepDays)))}).",
        }.OfType<string>().ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static string Key(string member) => $"{BillingOptions.Section}:{member}";

    private static string NotSet(string member, string form) =>
        $"{Key(member)} is not set. It should look like {form} " +
        $"(environment variable {CheckedOptions.VariableOf(Key(member))}).";

    private static string? NoConnection(string text)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(text);
            return null;
        }
        catch (ArgumentException e)
        {
            return $"{Key(nameof(BillingOptions.Postgres))} is not a connection string: {e.Message}";
        }
    }
}

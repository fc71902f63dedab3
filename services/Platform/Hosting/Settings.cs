using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Billing.Platform;

/// <summary>A setting is missing or wrong; the message says which and what it should look like.</summary>
public sealed class InvalidConfigurationException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public InvalidConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong and why.</summary>
    public InvalidConfigurationException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Says nothing.</summary>
    public InvalidConfigurationException()
    {
    }
}

/// <summary>What every service needs to know.</summary>
/// <param name="Postgres">Npgsql connection string of the service's own database.</param>
/// <param name="RabbitMq">AMQP address of the broker.</param>
/// <param name="MigrateAtStart">Whether the service changes its schema itself, as its owner: for development.</param>
/// <param name="KeepDays">For how many days messages and idempotency keys are remembered, at least 7.</param>
public sealed record Settings(string Postgres, Uri RabbitMq, bool MigrateAtStart, int KeepDays)
{
    private const int DaysKept = 35, FewestDaysKept = 7;

    /// <summary>
    /// Reads and checks <c>Billing:Postgres</c>, <c>Billing:RabbitMq</c>, <c>Billing:MigrateAtStart</c> and
    /// <c>Billing:KeepDays</c>, which is 35 unless set.
    /// </summary>
    /// <exception cref="InvalidConfigurationException">One is missing or wrong.</exception>
    public static Settings From(IConfiguration configuration)
    {
        var postgres = Required(configuration, "Billing:Postgres", "Host=…;Database=…;Username=…;Password=…");
        try
        {
            _ = new NpgsqlConnectionStringBuilder(postgres);
        }
        catch (ArgumentException e)
        {
            throw new InvalidConfigurationException($"Billing:Postgres is not a connection string: {e.Message}", e);
        }
        var rabbit = Required(configuration, "Billing:RabbitMq", "amqp://user:password@host:port/");
        return Uri.TryCreate(rabbit, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps"
            ? new(postgres, uri!, configuration.GetValue<bool>("Billing:MigrateAtStart"), Days(configuration))
            : throw new InvalidConfigurationException(
                "Billing:RabbitMq is not an address like amqp://user:password@host:port/");
    }

    private static int Days(IConfiguration configuration) => configuration["Billing:KeepDays"] switch
    {
        null or "" => DaysKept,
        var text when int.TryParse(text, out var days) && days >= FewestDaysKept => days,
        _ => throw new InvalidConfigurationException(
            $"Billing:KeepDays is not a number of days, at least {FewestDaysKept} (environment variable "
            + "Billing__KeepDays)."),
    };

    private static string Required(IConfiguration configuration, string key, string form) =>
        configuration[key] is { Length: > 0 } value
            ? value
            : throw new InvalidConfigurationException(
                $"{key} is not set. It should look like {form} (environment variable " +
                $"{key.Replace(":", "__", StringComparison.Ordinal)}).");
}

using System.Globalization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// From which consumption on a person should look at a reading before it is billed. All of it is local (rules.md
/// section 10) and set under <c>Billing:Readings</c>, such as <c>Billing:Readings:KwhPerDay:Residential=50</c>.
/// </summary>
/// <param name="HighTimes">So many times the meter's own daily average is high.</param>
/// <param name="LowTimes">The average divided by so much is low.</param>
/// <param name="RemarkableKwh">Differences of at most so many kWh are never remarkable.</param>
/// <param name="DaysForAverage">So many days a history must cover to be compared with.</param>
/// <param name="KwhPerDay">
/// More a day is high when there is no such history, kWh by class: for a flat some five times what an ordinary one
/// uses, so that a slipped digit in the first reading is found.
/// </param>
public sealed record ReadingLimits(
    decimal HighTimes, decimal LowTimes, decimal RemarkableKwh, decimal DaysForAverage,
    IReadOnlyDictionary<CustomerClass, decimal> KwhPerDay)
{
    private const string Section = "Billing:Readings";

    /// <summary>What counts unless it is set otherwise.</summary>
    public static readonly ReadingLimits Default = new(3m, 4m, 100m, 20m, new Dictionary<CustomerClass, decimal>
    {
        [CustomerClass.Residential] = 50m,
        [CustomerClass.Commercial] = 1_000m,
        [CustomerClass.Industrial] = 20_000m,
        [CustomerClass.Public] = 5_000m,
        [CustomerClass.Agriculture] = 1_000m,
    });

    /// <summary>Reads and checks the limits.</summary>
    /// <exception cref="InvalidConfigurationException">One is not a number of more than 0.</exception>
    public static ReadingLimits From(IConfiguration configuration)
    {
        return new(
            Limit(nameof(HighTimes), Default.HighTimes), Limit(nameof(LowTimes), Default.LowTimes),
            Limit(nameof(RemarkableKwh), Default.RemarkableKwh), Limit(nameof(DaysForAverage), Default.DaysForAverage),
            Default.KwhPerDay.ToDictionary(
                known => known.Key, known => Limit($"{nameof(KwhPerDay)}:{known.Key}", known.Value)));

        decimal Limit(string name, decimal otherwise) =>
            configuration[$"{Section}:{name}"] is not { } text ? otherwise
            : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                && value is > 0m and <= 1_000_000_000m ? value
            : throw new InvalidConfigurationException(
                $"{Section}:{name} is '{text}', and should be a number of more than 0, such as 50.");
    }
}

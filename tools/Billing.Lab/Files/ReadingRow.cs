using System.Globalization;

namespace Billing.Tools;

/// <summary>Why a reading was taken.</summary>
internal enum ReadingKind
{
    /// <summary>The first of a new meter.</summary>
    Initial,

    /// <summary>The one of every month.</summary>
    Regular,

    /// <summary>The last of a meter that is taken down.</summary>
    Final,
}

/// <summary>What the registers of a meter showed, kWh before the multiplier.</summary>
internal readonly record struct Registers(decimal Total, decimal? Peak, decimal? Valley);

/// <summary>A line of readings-*.csv.</summary>
internal sealed record ReadingRow(string Account, string Meter, DateOnly ReadOn, ReadingKind Kind, Registers Registers)
{
    public const string Header = "account,meter,read_on,kind,total,peak,valley";

    private static readonly string[] Kinds = ["initial", "regular", "final"];

    public void Write(TextWriter file) => new CsvLine(file)
        .Add(Account).Add(Meter).Add(ReadOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Add(Kinds[(int)Kind])
        .Add(Registers.Total).Add(Registers.Peak).Add(Registers.Valley).End();
}

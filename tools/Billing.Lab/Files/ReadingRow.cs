using Billing.Contracts;
using CsvHelper;

namespace Billing.Tools;

/// <summary>The registers of a meter, kWh before the multiplier.</summary>
internal readonly record struct Registers(decimal Total, decimal? Peak, decimal? Valley);

/// <summary>A line of readings-*.csv.</summary>
internal sealed record ReadingRow(string Account, string Meter, DateOnly ReadOn, ReadingKind Kind, Registers Registers)
    : ICsvRow
{
    public const string Header = "account,meter,read_on,kind,total,peak,valley";

    private static readonly string[] Kinds = ["initial", "regular", "final"];

    public void Write(CsvWriter line)
    {
        line.WriteField(Account);
        line.WriteField(Meter);
        line.WriteField(ReadOn, "yyyy-MM-dd");
        line.WriteField(Kinds[(int)Kind]);
        foreach (var register in new[] { Registers.Total, Registers.Peak, Registers.Valley })
            line.WriteField(register, "0.####");
        line.EndRecord();
    }
}

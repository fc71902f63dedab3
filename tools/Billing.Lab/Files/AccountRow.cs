using System.Globalization;
using Billing.Contracts;
using CsvHelper;

namespace Billing.Tools;

/// <summary>A meter in a line of accounts.csv.</summary>
internal sealed record MeterRow(string No, int Multiplier, int Digits, bool TimeOfUse)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{No}:{Multiplier}:{Digits}:{(TimeOfUse ? 1 : 0)}");
}

/// <summary>The electricity supply in a line of accounts.csv.</summary>
internal sealed record ElectricityRow(string Plan, string Voltage, IReadOnlyList<MeterRow> Meters);

/// <summary>The heat supply in a line of accounts.csv.</summary>
internal sealed record HeatRow(string Plan, decimal AreaM2, decimal? HeightM, string UseClass, bool Metered);

/// <summary>A line of accounts.csv.</summary>
internal sealed record AccountRow(
    string Account, string Customer, string Name, string Phone, string Region, string Project, string Address,
    CustomerClass Class, DateOnly OpenedOn, ElectricityRow? Electricity, HeatRow? Heat)
    : ICsvRow
{
    public const string Header =
        "account,customer,name,phone,region,project,address,class,opened_on,electricity_plan,voltage,meters," +
        "heat_plan,area_m2,height_m,use_class,heat_metered";

    public void Write(CsvWriter line)
    {
        foreach (var text in new[] { Account, Customer, Name, Phone, Region, Project, Address, Class.ToString() })
            line.WriteField(text);
        line.WriteField(OpenedOn, "yyyy-MM-dd");
        line.WriteField(Electricity?.Plan);
        line.WriteField(Electricity?.Voltage);
        line.WriteField(Electricity is null ? null : string.Join(';', Electricity.Meters));
        line.WriteField(Heat?.Plan);
        line.WriteField(Heat?.AreaM2, "0.####");
        line.WriteField(Heat?.HeightM, "0.####");
        line.WriteField(Heat?.UseClass);
        line.WriteField(Heat is null ? null : Heat.Metered ? "1" : "0");
        line.EndRecord();
    }
}

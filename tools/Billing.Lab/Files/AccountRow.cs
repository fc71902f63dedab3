using System.Globalization;
using Billing.Contracts;

namespace Billing.Tools;

/// <summary>A meter as accounts.csv names it.</summary>
internal sealed record MeterRow(string No, int Multiplier, int Digits, bool TimeOfUse)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{No}:{Multiplier}:{Digits}:{(TimeOfUse ? 1 : 0)}");
}

/// <summary>The electricity of a line of accounts.csv.</summary>
internal sealed record ElectricityRow(string Plan, string Voltage, IReadOnlyList<MeterRow> Meters);

/// <summary>The heat of a line of accounts.csv.</summary>
internal sealed record HeatRow(string Plan, decimal AreaM2, decimal? HeightM, string UseClass, bool Metered);

/// <summary>A line of accounts.csv.</summary>
internal sealed record AccountRow(
    string Account, string Customer, string Name, string Phone, string Region, string Project, string Address,
    CustomerClass Class, DateOnly OpenedOn, ElectricityRow? Electricity, HeatRow? Heat)
{
    public const string Header =
        "account,customer,name,phone,region,project,address,class,opened_on,electricity_plan,voltage,meters," +
        "heat_plan,area_m2,height_m,use_class,heat_metered";

    public void Write(TextWriter file)
    {
        var line = new CsvLine(file);
        line.Add(Account).Add(Customer).Add(Name).Add(Phone).Add(Region).Add(Project).Add(Address);
        line.Add(Class.ToString()).Add(OpenedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        line.Add(Electricity?.Plan).Add(Electricity?.Voltage);
        line.Add(Electricity is null ? null : string.Join(';', Electricity.Meters));
        line.Add(Heat?.Plan).Add(Heat?.AreaM2).Add(Heat?.HeightM).Add(Heat?.UseClass);
        line.Add(Heat is null ? null : Heat.Metered ? "1" : "0").End();
    }
}

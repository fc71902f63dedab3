using Billing.Contracts;

namespace Billing.Customers.Tests;

/// <summary>An ordinary flat, and what is said about it.</summary>
internal static class Given
{
    public static readonly AccountNo Number = AccountNo.Parse("1000000001");
    public static readonly CustomerNo Customer = CustomerNo.Parse("C100001");
    public static readonly DateOnly Opened = new(2020, 10, 1);
    public static readonly Holder.Registered Holder = new("张伟", "13800000001", HolderKind.Person);
    public static readonly Meter Meter = new("M00000001", 1m, 6, false);

    public static readonly ElectricitySupply Electricity =
        new(PlanCode.Parse("beijing-residential-electricity"), "<1kV", [Meter]);

    public static readonly HeatSupply Heat = new(PlanCode.Parse("beijing-residential-heat"), 89.5m, null, "住宅", false);

    public static readonly OpenAccount Open = new(
        Number, Customer, Holder, "海淀区", "阳光花园", "北京市海淀区阳光花园3号楼1202室", CustomerClass.Residential, Opened,
        Electricity, Heat);

    public static readonly Contract Contract =
        new(Customer, "张*", "海淀区", "阳光花园", CustomerClass.Residential, Opened);

    public static readonly AccountOpened AccountOpened =
        new(Number, Contract, "北京市海淀区阳光花园3号楼1202室", Electricity, Heat);
}

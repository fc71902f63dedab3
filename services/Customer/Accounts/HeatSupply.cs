using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>A heat supply point as the contract describes it.</summary>
/// <param name="Plan">The price plan.</param>
/// <param name="BillingAreaM2">The billing area, m² (rules.md H-5).</param>
/// <param name="StoreyHeightM">The storey height, m, or null when it is ordinary.</param>
/// <param name="UseClass">The use class on the contract.</param>
/// <param name="Metered">Whether heat is metered and billed in two parts.</param>
public sealed record HeatSupply(
    PlanCode Plan, decimal BillingAreaM2, decimal? StoreyHeightM, string UseClass, bool Metered)
{
    public static readonly Rejection PlanInvalid = Rejection.Invalid(
        "heat-plan-invalid", $"The heat plan is {PlanCode.Form}.");

    public static readonly Rejection AreaInvalid = Rejection.Invalid(
        "heat-area-invalid", "A billing area is more than 0 and at most 10,000,000 m² with at most 4 decimals.");

    public static readonly Rejection HeightInvalid = Rejection.Invalid(
        "heat-height-invalid", "A storey height is more than 0 and at most 100 m with at most 4 decimals.");

    public static readonly Rejection UseClassInvalid = Rejection.Invalid(
        "heat-use-class-invalid", "A use class is 1 to 32 characters.");

    internal static HeatSupply? From(HeatSupplyPoint? point) => point is null
        ? null
        : new(point.Plan, point.BillingAreaM2, point.StoreyHeightM, point.UseClass, point.Metered);

    internal HeatSupplyPoint ToWire() => new(Plan, BillingAreaM2, StoreyHeightM, UseClass, Metered);

    /// <summary>Why this is not a valid supply, or null.</summary>
    public Rejection? Check() =>
        Plan.Value.Length == 0 ? PlanInvalid
        : BillingAreaM2 is <= 0m or > 10_000_000m || BillingAreaM2.Scale > 4 ? AreaInvalid
        : StoreyHeightM is <= 0m or > 100m || StoreyHeightM?.Scale > 4 ? HeightInvalid
        : !PlainText.IsValid(UseClass, 32) ? UseClassInvalid
        : null;
}

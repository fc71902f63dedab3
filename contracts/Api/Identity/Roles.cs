namespace Billing.Contracts.Api;

/// <summary>A role as it shall be.</summary>
/// <param name="Name">Its name for people, 1 to 50 characters in each language.</param>
/// <param name="Rights">All its rights.</param>
/// <param name="SecondFactor">Whether who has it needs a second factor.</param>
public sealed record SaveRoleRequest(Label Name, IReadOnlyList<Right> Rights, bool SecondFactor);

/// <summary>A role.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Rights">Its rights.</param>
/// <param name="SecondFactor">Whether who has it needs a second factor.</param>
public sealed record RoleDetails(RoleCode Code, Label Name, IReadOnlyList<Right> Rights, bool SecondFactor);

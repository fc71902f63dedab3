namespace Billing.Contracts;

/// <summary>
/// Rights with which somebody approves what others have prepared, or gives rights to others: roles that have one need a
/// second factor, and no program has one.
/// </summary>
public static class GuardedRights
{
    /// <summary>The rights that need a second factor, and that no program has.</summary>
    public static readonly IReadOnlySet<Right> ForPeople = new HashSet<Right>
    {
        Right.ManageUsers, Right.ManageRoles, Right.ManageClients, Right.PublishPlan, Right.PostRun, Right.SealRun,
        Right.ApproveReversal, Right.ApproveRefund, Right.ApproveCredit, Right.ApprovePartner, Right.ApproveLimits,
    };

    /// <summary>The rights of partners, who sign their requests with keys and have no token.</summary>
    public static readonly IReadOnlySet<Right> ForPartners = new HashSet<Right>
    {
        Right.QueryBill, Right.ReceivePayment, Right.ReversePayment,
    };
}

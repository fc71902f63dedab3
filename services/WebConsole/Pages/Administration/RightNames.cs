using Billing.Contracts;

namespace Billing.WebConsole;

/// <summary>The rights in the words of those who give them.</summary>
internal static class RightNames
{
    private static readonly Dictionary<Right, (string Zh, string En)> Names = new()
    {
        [Right.ReadAccounts] = ("查看户号", "See accounts"),
        [Right.ReadCustomers] = ("查看客户", "See customers"),
        [Right.ReadPlans] = ("查看价格方案", "See price plans"),
        [Right.ReadInvoices] = ("查看账单", "See invoices"),
        [Right.ReadRuns] = ("查看出账批次", "See billing runs"),
        [Right.ReadPayments] = ("查看收款", "See payments"),
        [Right.ReadPartners] = ("查看代收机构", "See partners"),
        [Right.ReadReceivables] = ("查看欠费", "See receivables"),
        [Right.ReadFigures] = ("查看金额与指标", "See figures"),
        [Right.ReadOperations] = ("查看运行状况", "See the state of services"),
        [Right.RegisterCustomer] = ("登记客户", "Register customers"),
        [Right.OpenAccount] = ("开户", "Open accounts"),
        [Right.ChangeSupply] = ("变更供应", "Change supply"),
        [Right.ImportAccounts] = ("导入户号", "Import accounts"),
        [Right.DraftPlan] = ("编制价格", "Draft price plans"),
        [Right.PublishPlan] = ("批准发布价格", "Approve price plans"),
        [Right.WithdrawPlan] = ("撤销价格", "Withdraw price plans"),
        [Right.QuoteBill] = ("试算账单", "Quote bills"),
        [Right.RunWhatIf] = ("调价测算", "Run what-ifs"),
        [Right.AcceptReading] = ("录入示数", "Record readings"),
        [Right.WithdrawReading] = ("撤回示数", "Withdraw readings"),
        [Right.ImportReadings] = ("导入示数", "Import readings"),
        [Right.FreezeRun] = ("冻结批次", "Freeze runs"),
        [Right.RedraftRun] = ("重新核算", "Draft runs again"),
        [Right.ReviewAccount] = ("处理异常", "Review exceptions"),
        [Right.PostRun] = ("批准过账", "Approve posting"),
        [Right.AbandonRun] = ("放弃批次", "Abandon runs"),
        [Right.SealRun] = ("封存核对单", "Seal manifests"),
        [Right.ExportInvoices] = ("导出账单", "Export invoices"),
        [Right.CreditInvoice] = ("冲减账单", "Credit invoices"),
        [Right.QueryBill] = ("机构查询欠费", "Query bills, as a partner"),
        [Right.ReceivePayment] = ("机构收款", "Report payments, as a partner"),
        [Right.ReversePayment] = ("机构冲正", "Reverse payments, as a partner"),
        [Right.ReconcileDay] = ("对账", "Reconcile days"),
        [Right.SavePartner] = ("维护代收机构", "Change partners"),
        [Right.RequestReversal] = ("申请冲正", "Request reversals"),
        [Right.ApproveReversal] = ("批准冲正", "Approve reversals"),
        [Right.RefundAdvance] = ("提请退款", "Propose refunds"),
        [Right.AssessArrears] = ("认定欠费", "Assess arrears"),
        [Right.ReadPersonalData] = ("查看个人信息", "See personal data"),
        [Right.ReadPersonalDataReads] = ("查看个人信息查阅记录", "See who looked at personal data"),
        [Right.CorrectCustomer] = ("更正客户信息", "Correct customers"),
        [Right.EraseCustomer] = ("删除客户个人信息", "Erase personal data"),
        [Right.RewrapKeys] = ("更换主密钥", "Change the master key"),
        [Right.ProposePosting] = ("提请过账", "Propose posting"),
        [Right.ApproveCredit] = ("批准冲减", "Approve credits"),
        [Right.ApprovePartner] = ("批准代收机构", "Approve partners"),
        [Right.ApproveRefund] = ("批准退款", "Approve refunds"),
        [Right.ReadApprovals] = ("查看待复核事项", "See approvals"),
        [Right.ChangeLimits] = ("提请调整限额", "Propose limits"),
        [Right.ApproveLimits] = ("批准限额", "Approve limits"),
        [Right.ReadAuditTrail] = ("查看审计日志", "See the audit trail"),
        [Right.ReadUsers] = ("查看用户与权限", "See users and rights"),
        [Right.ManageUsers] = ("管理用户", "Manage users"),
        [Right.ManageRoles] = ("管理角色", "Manage roles"),
        [Right.ManageClients] = ("管理接入程序", "Manage clients"),
    };

    /// <summary>The rights that have a name here.</summary>
    public static IReadOnlyCollection<Right> Known => Names.Keys;

    /// <summary>The name of a right.</summary>
    public static string Of(Language language, Right right)
    {
        ArgumentNullException.ThrowIfNull(language);
        // A newer service may know more rights than this console has words for.
        return Names.TryGetValue(right, out var name) ? language.Say(name.Zh, name.En) : $"{right}";
    }
}

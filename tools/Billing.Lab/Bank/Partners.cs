using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>A partner of the demonstration.</summary>
internal sealed record DemoPartner(string Code, SavePartnerRequest Terms, int Share)
{
    public bool TakesMore => Terms.AmountRule != AmountRule.Exact;

    public bool TakesLess => Terms.AmountRule == AmountRule.Any;

    /// <summary>Its bank day a number of days before the current one.</summary>
    public DateOnly Day(int daysAgo) =>
        Payments.BankDays.Current(Terms.DayCut, TimeProvider.System.GetUtcNow()).AddDays(-daysAgo);
}

internal static class DemoPartners
{
    /// <summary>The partners, and the share of the customers that use each, percent.</summary>
    public static readonly IReadOnlyList<DemoPartner> All =
    [
        new("icbc", new("中国工商银行", Channel.Bank, AmountRule.Exact, new(0, 0)), 24),
        new("ccb", new("中国建设银行", Channel.Bank, AmountRule.AtLeastDue, new(22, 30)), 18),
        new("psbc", new("邮政储蓄银行", Channel.Bank, AmountRule.Any, new(0, 0)), 10),
        new("wechat", new("微信支付", Channel.WeChat, AmountRule.Any, new(0, 0)), 30),
        new("alipay", new("支付宝", Channel.Alipay, AmountRule.Any, new(0, 0)), 18),
    ];

    /// <summary>The partner an account uses, always the same.</summary>
    public static DemoPartner Of(Chance chance)
    {
        var draw = chance.Between(1, 100);
        foreach (var partner in All)
        {
            draw -= partner.Share;
            if (draw <= 0)
                return partner;
        }
        return All[^1];
    }
}

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
    /// <summary>Of a partner whose customers all come in a few seconds.</summary>
    public static readonly PartnerLimits Unlimited =
        new(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000);

    /// <summary>The partners, and the share of the customers that use each, percent.</summary>
    public static readonly IReadOnlyList<DemoPartner> All =
    [
        Of("icbc", "中国工商银行", Channel.Bank, AmountRule.Exact, new(0, 0), 24),
        Of("ccb", "中国建设银行", Channel.Bank, AmountRule.AtLeastDue, new(22, 30), 18),
        Of("psbc", "邮政储蓄银行", Channel.Bank, AmountRule.Any, new(0, 0), 10),
        Of("wechat", "微信支付", Channel.WeChat, AmountRule.Any, new(0, 0), 30),
        Of("alipay", "支付宝", Channel.Alipay, AmountRule.Any, new(0, 0), 18),
    ];

    /// <summary>The terms of a partner that only measures.</summary>
    public static SavePartnerRequest Measuring(string name, AmountRule rule) =>
        new(name, Channel.Bank, rule, new(0, 0), Limits: Unlimited);

    private static DemoPartner Of(
        string code, string name, Channel channel, AmountRule rule, TimeOnly dayCut, int share) =>
        new(code, new(name, channel, rule, dayCut, Limits: Unlimited), share);

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

using System.Net;
using Billing.Contracts;

namespace Billing.WebConsole;

/// <summary>Why Identity did not do something, in words.</summary>
public static class Refusal
{
    private static readonly Dictionary<string, (string Zh, string En)> Sentences = new()
    {
        ["user-malformed"] = (
            "姓名为一行 1 至 100 个字;角色最多 20 个。", "A name is 1 to 100 characters on one line; 20 roles at most."),
        ["user-unknown"] = ("没有这个用户。", "There is no such user."),
        ["role-unknown"] = ("没有这个角色。", "There is no such role."),
        ["reason-missing"] = ("请填写原因,1 至 400 个字。", "Enter a reason, 1 to 400 characters."),
        ["last-administrator"] = (
            "此后将没有人能管理用户;请先把该角色交给别人。",
            "Nobody else could manage users any more; give somebody else the role first."),
        ["own-rights"] = (
            "不能更改自己的角色,也不能更改自己所持角色的权限;请由另一位管理员操作。",
            "Nobody changes the own roles or the rights of a role held; another administrator does."),
        ["role-malformed"] = (
            "角色名称为两种语言各 1 至 50 个字。", "A role's name is 1 to 50 characters in each language."),
        ["second-factor-missing"] = (
            "该角色含审批或授权类权限,必须启用二次验证。",
            "The role has a right that approves or gives rights: it needs a second factor."),
        ["client-malformed"] = (
            "名称为一行 1 至 100 个字。", "A client's name is 1 to 100 characters on one line."),
        ["expiry-out-of-range"] = (
            "有效期为今天起两年以内。", "A secret is good until a day from today to two years ahead."),
        ["secret-issued"] = (
            "该密钥已以其他权限或有效期签发;请另取一个密钥名。",
            "This secret was issued with other rights or another last day; issue one under another name."),
        ["secret-unknown"] = ("没有这个密钥,可能已被吊销。", "There is no such secret; it may have been revoked."),
        ["right-for-people"] = (
            "所选权限含审批或授权类权限,只能给人,不能给程序。",
            "One of these rights approves or gives rights: it is for people, not for programs."),
        ["right-for-partners"] = (
            "机构以密钥签名,其权限不能给程序。",
            "Partners sign with keys; their rights are not for other programs."),
        ["changed-meanwhile"] = (
            "内容刚被别人更改,没有保存。请重新打开页面再试。",
            "Somebody else changed this at the same time; nothing was saved. Open the page again."),
        ["bad-request"] = ("填写的内容不符合格式。", "What you entered does not have the form it needs."),
    };

    /// <summary>The codes for which there is a sentence.</summary>
    public static IReadOnlyCollection<string> Codes => Sentences.Keys;

    /// <summary>Why there is no answer; null when there is one.</summary>
    public static string? Of<T>(Language language, Answer<T> answer)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(language);
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Problem is null)
            return null;
        if (answer.Lacks is { } right)
            return Closed.Why(language, right);
        if (answer.Code is { } code && Sentences.TryGetValue(code, out var sentence))
            return language.Say(sentence.Zh, sentence.En);
        return answer.Status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            ? language.Say($"被拒绝({answer.Code}):{answer.Detail}", $"Refused ({answer.Code}): {answer.Detail}")
            : language.Say(
                $"{answer.Peer} 没有应答({answer.Problem}),没有确认已执行。请稍后再试。",
                $"{answer.Peer} does not answer ({answer.Problem}); nothing was confirmed. Try again later.");
    }

    /// <summary>A name does not have its form.</summary>
    internal static string NameInvalid(Language language) => language.Say(
        "名称不符合格式:以小写字母开头,只含小写字母、数字和 . - 。",
        "The name does not have its form: lower-case letters, digits, dots and dashes, a letter first.");

    /// <summary>Something of this name exists already.</summary>
    internal static string Exists(Language language, string name) => language.Say(
        $"{name} 已经存在;没有更改。", $"{name} exists already; nothing was changed.");
}

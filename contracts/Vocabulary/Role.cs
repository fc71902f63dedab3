using System.Collections.Frozen;
using System.Text.Json;

namespace Billing.Contracts;

/// <summary>A set of rights that is given to people, as <c>contracts/roles.json</c> delivers it.</summary>
/// <param name="Code">Its code, such as <c>run-operator</c>.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Rights">Its rights.</param>
/// <param name="SecondFactor">Whether who has it signs in with a second factor, because it approves what others have
/// prepared.</param>
public sealed record Role(string Code, Label Name, IReadOnlyList<Right> Rights, bool SecondFactor)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly FrozenDictionary<string, Role> ByCode =
        Read().ToFrozenDictionary(role => role.Code, StringComparer.Ordinal);

    /// <summary>All roles as delivered.</summary>
    public static IReadOnlyCollection<Role> Delivered => ByCode.Values;

    /// <summary>The role with a code, or null.</summary>
    public static Role? Find(string code) => ByCode.GetValueOrDefault(code);

    private static IReadOnlyList<Role> Read()
    {
        using var file = typeof(Role).Assembly.GetManifestResourceStream("roles.json")!;
        return JsonSerializer.Deserialize<RolesFile>(file, Form)!.Roles;
    }

    private sealed record RolesFile(IReadOnlyList<Role> Roles);
}

using Microsoft.AspNetCore.Identity;

namespace Billing.Identity;

/// <summary>A person who signs in.</summary>
public sealed class User : IdentityUser<Guid>
{
    /// <summary>The name for people.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>The name under which events and the audit trail know the user.</summary>
    public string Actor => $"user:{UserName}";

    /// <summary>Whether the password was made by somebody else and must be replaced at the next sign-in.</summary>
    public bool PasswordIsOneTime { get; set; }

    /// <summary>When a one-time password ends; null for one of the user's own, and for one without an end.</summary>
    public DateTimeOffset? PasswordEndsAt { get; set; }

    /// <summary>
    /// Whether an administrator has locked the user; lock-out after wrong passwords is another matter.
    /// </summary>
    public bool Locked { get; set; }

    /// <summary>Why.</summary>
    public string LockedBecause { get; set; } = "";

    /// <summary>The regions that the user may see; all when empty.</summary>
    public string[] Regions { get; set; } = [];

    /// <summary>The projects that the user may see; all when empty.</summary>
    public string[] Projects { get; set; } = [];
}

/// <summary>A role: a set of rights under a name.</summary>
public sealed class UserRole : IdentityRole<Guid>
{
    /// <summary>Its name in Chinese.</summary>
    public string NameZh { get; set; } = "";

    /// <summary>Its name in English.</summary>
    public string NameEn { get; set; } = "";

    /// <summary>Its rights, by name.</summary>
    public string[] Rights { get; set; } = [];

    /// <summary>Whether who has it needs a second factor.</summary>
    public bool SecondFactor { get; set; }
}

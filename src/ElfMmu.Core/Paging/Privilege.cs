namespace ElfMmu.Paging;

/// <summary>At which privilege rights are looked at.</summary>
public enum Privilege
{
    /// <summary>At either; rights are those of user and supervisor together.</summary>
    Any,

    /// <summary>Code in user mode.</summary>
    User,

    /// <summary>Code in supervisor mode, which may use user pages too unless the architecture forbids it.</summary>
    Supervisor,
}

namespace ElfMmu.Tests.Discovery;

/// <summary>What a planted page is for.</summary>
/// <param name="User">Whether it is user mode's.</param>
/// <param name="Write">Whether it can be written to.</param>
/// <param name="Execute">Whether it can be executed.</param>
/// <param name="Dirty">Whether it was written to.</param>
/// <param name="Large">Whether it stands above the last level.</param>
internal readonly record struct PageUse(bool User, bool Write, bool Execute, bool Dirty, bool Large);

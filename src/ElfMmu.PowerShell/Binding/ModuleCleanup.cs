using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Closes what a session still has open when the module is removed from it.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => SessionDumps.CloseAll();
}

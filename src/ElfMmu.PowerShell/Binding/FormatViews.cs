using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace ElfMmu.PowerShell.Binding;

/// <summary>
/// Loads the format views when the first cmdlet of a session runs. Naming them in the manifest would make importing the module
/// three times as slow (12 ms for the first view of any module), also for those who don't use it in that session.
/// </summary>
internal static class FormatViews
{
    private const string FilePattern = "*.format.ps1xml";
    private static readonly ConditionalWeakTable<Runspace, object> Loaded = [];

    /// <summary>Loads them unless this session has them.</summary>
    public static void Load(PSCmdlet cmdlet)
    {
        if (Runspace.DefaultRunspace is not { } session || !Loaded.TryAdd(session, Loaded))
        {
            return;
        }

        string folder = Path.GetDirectoryName(typeof(FormatViews).Assembly.Location) ?? "";
        string[] files = folder.Length == 0 ? [] : Directory.GetFiles(folder, FilePattern);
        if (files.Length > 0)
        {
            cmdlet.InvokeCommand.InvokeScript(
                "param([string[]] $Path) Microsoft.PowerShell.Utility\\Update-FormatData -PrependPath $Path",
                useNewScope: true,
                PipelineResultTypes.None,
                null,
                [files]);
        }
    }
}

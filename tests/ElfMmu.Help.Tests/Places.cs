using System.Reflection;

namespace ElfMmu.Help.Tests;

/// <summary>Where the files of the repository are.</summary>
internal static class Places
{
    public static string Documents => Path.Combine(Metadata("Repository"), "docs");

    public static string CmdletAssembly => Metadata("CmdletAssembly");

    private static string Metadata(string key) => typeof(Places).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => a.Key == key).Value!;
}

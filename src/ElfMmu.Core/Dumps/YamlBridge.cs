using System.Reflection;
using System.Runtime.Loader;

namespace ElfMmu.Dumps;

/// <summary>
/// Reaches the YAML reader in <c>yaml/</c> beside this assembly. It is loaded at the first use and in a load context of its own:
/// whoever never opens a machine description doesn't pay for it, and another version of YamlDotNet in the process can't clash.
/// </summary>
internal static class YamlBridge
{
    private static readonly Lazy<Func<string, string>> Converter = new(Load);

    /// <summary>Turns a YAML document into JSON.</summary>
    /// <exception cref="FormatException">It isn't YAML that is taken.</exception>
    public static string ToJson(string yaml) => Converter.Value(yaml);

    private static Func<string, string> Load()
    {
        string beside = Path.GetDirectoryName(typeof(YamlBridge).Assembly.Location) is { Length: > 0 } directory
            ? directory
            : AppContext.BaseDirectory;
        var context = new BesideLoadContext(Path.Combine(beside, "yaml"));
        MethodInfo method = context.LoadFromAssemblyName(new AssemblyName("ElfMmu.Yaml"))
            .GetType("ElfMmu.Yaml.YamlConverter", throwOnError: true)!
            .GetMethod("ToJson", [typeof(string)])!;
        return method.CreateDelegate<Func<string, string>>();
    }

    private sealed class BesideLoadContext(string directory) : AssemblyLoadContext("ElfMmu.Yaml")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string path = Path.Combine(directory, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}

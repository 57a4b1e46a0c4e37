# Sourced by mvnw and chela: exports JAVA_HOME of a JDK 25, or says what to install and ends.
if ! grep -q '^JAVA_VERSION="25' "${JAVA_HOME:-/nowhere}/release" 2>/dev/null || ! [ -x "${JAVA_HOME:-}/bin/javac" ]; then
  JAVA_HOME=
  for jdk in /usr/lib/jvm/*25* "$HOME"/.sdkman/candidates/java/25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    if [ -x "$jdk/bin/javac" ] && grep -q '^JAVA_VERSION="25' "$jdk/release" 2>/dev/null; then JAVA_HOME=$jdk && break; fi
  done
fi
if [ -z "$JAVA_HOME" ]; then
  echo "chela: building needs a JDK 25: install one (for example Temurin 25, https://adoptium.net) or set JAVA_HOME to it." >&2
  exit 1
fi
export JAVA_HOME

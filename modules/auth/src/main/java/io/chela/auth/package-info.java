/// Credentials, and what they grant.
package io.chela.auth;
